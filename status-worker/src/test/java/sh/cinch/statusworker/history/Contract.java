package sh.cinch.statusworker.history;

import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * What statuses must show, from the words of the contract alone:
 *
 * <p>«One status is (repository, commit, key, ref) … A record without ref belongs to the status of
 * that repository, commit and key that has a record of its number, else to the one with the newest
 * record, else to a status without ref; a record that brings a ref to a status that has none gives
 * it that ref. One build is (status, number). Within it sequence orders where both records have
 * one, else occurredAt; where a number is given, pending or running never follows its final state.
 * Between builds of one status the one whose first record has the later occurredAt holds it.»
 *
 * <p>Where these words let several records be the newest (equal times, an order that goes in a
 * circle), any of them is right.
 */
final class Contract {

  private Contract() {}

  /**
   * What the statuses of one key on one commit may show, by ref (empty: none), in each way in which
   * the records without a ref may belong.
   */
  static List<Map<String, Set<Told>>> statuses(Collection<Told> ofOneKey) {
    return belongings(ofOneKey).stream()
        .map(
            byRef -> {
              Map<String, Set<Told>> newest = new TreeMap<>();
              byRef.forEach((ref, told) -> newest.put(ref, newest(told)));
              return newest;
            })
        .toList();
  }

  /** What the status of a ref may show; a ref that nobody told of yet may be the status without. */
  static Set<Told> newestOf(List<Map<String, Set<Told>>> statuses, String ref) {
    Set<Told> newest = new HashSet<>();
    statuses.forEach(
        byRef -> newest.addAll(byRef.getOrDefault(ref, byRef.getOrDefault("", Set.of()))));
    return newest;
  }

  private static List<Map<String, List<Told>>> belongings(Collection<Told> told) {
    Map<String, List<Told>> named = new TreeMap<>();
    List<Told> unnamed = new ArrayList<>();
    for (Told one : told) {
      if (one.fullRef().isEmpty()) {
        unnamed.add(one);
      } else {
        named.computeIfAbsent(one.fullRef(), ref -> new ArrayList<>()).add(one);
      }
    }
    if (named.isEmpty()) {
      return unnamed.isEmpty() ? List.of(Map.of()) : List.of(Map.of("", unnamed));
    }
    List<Map<String, List<Told>>> ways = List.of(named);
    for (List<Told> build : builds(unnamed).values()) {
      List<Map<String, List<Told>>> further = new ArrayList<>();
      for (String ref : refsOf(build, told)) {
        ways.forEach(way -> further.add(with(way, ref, build)));
      }
      ways = further;
    }
    return ways;
  }

  private static Map<String, List<Told>> with(
      Map<String, List<Told>> way, String ref, List<Told> build) {
    Map<String, List<Told>> more = new TreeMap<>(way);
    more.put(
        ref, Stream.concat(way.getOrDefault(ref, List.of()).stream(), build.stream()).toList());
    return more;
  }

  /** The refs that a build without one may be of: «the status that has a record of its number». */
  private static Set<String> refsOf(List<Told> build, Collection<Told> all) {
    String number = build.getFirst().number();
    Set<String> ofNumber =
        all.stream()
            .filter(one -> number != null && number.equals(one.number()))
            .map(Told::fullRef)
            .filter(ref -> !ref.isEmpty())
            .collect(toSet());
    return ofNumber.isEmpty() ? refsThen(first(build), all) : ofNumber;
  }

  /**
   * «Else the one with the newest record» as of then, whether only records that name a ref count or
   * all; where there was none yet, the first that came after and «brings a ref».
   */
  private static Set<String> refsThen(Instant then, Collection<Told> all) {
    Set<String> refs = new HashSet<>();
    List<Told> named = all.stream().filter(one -> !one.fullRef().isEmpty()).toList();
    List<Told> before = named.stream().filter(one -> !one.when().isAfter(then)).toList();
    latest(before).forEach(one -> refs.add(one.fullRef()));
    if (before.isEmpty() || latest(before).getFirst().when().equals(then)) {
      // Of one instant either may have been before the other.
      List<Told> earlier = named.stream().filter(one -> one.when().isBefore(then)).toList();
      List<Told> next = earlier.isEmpty() ? earliest(named) : latest(earlier);
      next.forEach(one -> refs.add(one.fullRef()));
    }
    for (Told one : latest(all.stream().filter(each -> each.when().isBefore(then)).toList())) {
      if (one.fullRef().isEmpty()) {
        List<Told> its =
            all.stream()
                .filter(each -> each.fullRef().isEmpty())
                .filter(each -> Objects.equals(each.number(), one.number()))
                .toList();
        if (first(its).isBefore(then)) {
          refs.addAll(refsOf(its, all));
        }
      }
    }
    return refs;
  }

  private static Instant first(List<Told> build) {
    return earliest(build).getFirst().when();
  }

  private static List<Told> earliest(Collection<Told> told) {
    Optional<Instant> earliest = told.stream().map(Told::when).min(naturalOrder());
    return told.stream().filter(one -> one.when().equals(earliest.orElse(null))).toList();
  }

  private static List<Told> latest(Collection<Told> told) {
    Optional<Instant> latest = told.stream().map(Told::when).max(naturalOrder());
    return told.stream().filter(one -> one.when().equals(latest.orElse(null))).toList();
  }

  private static Map<Optional<String>, List<Told>> builds(Collection<Told> told) {
    return told.stream()
        .collect(
            groupingBy(one -> Optional.ofNullable(one.number()), LinkedHashMap::new, toList()));
  }

  /** What a status may show of which all this was told. */
  static Set<Told> newest(Collection<Told> ofOneStatus) {
    Collection<List<Told>> builds = builds(ofOneStatus).values();
    Instant latest =
        builds.stream()
            .map(build -> began(build).stream().min(naturalOrder()).orElseThrow())
            .max(naturalOrder())
            .orElseThrow();
    Set<Told> newest = new HashSet<>();
    for (List<Told> build : builds) {
      if (began(build).stream().anyMatch(at -> !at.isBefore(latest))) {
        newest.addAll(newestOfBuild(build));
      }
    }
    return newest;
  }

  private static Set<Told> newestOfBuild(List<Told> build) {
    List<Told> ends = build.stream().filter(Told::isEnd).toList();
    boolean isOver = build.getFirst().number() != null && !ends.isEmpty();
    return ahead(isOver ? ends : build, Contract::isNotOlder);
  }

  /** When it may have begun: its first record is the first by its order, or by time. */
  private static Set<Instant> began(List<Told> build) {
    Set<Instant> began =
        ahead(build, Contract::isNotNewer).stream().map(Told::when).collect(toSet());
    began.add(build.stream().map(Told::when).min(naturalOrder()).orElseThrow());
    return began;
  }

  private static boolean isNotOlder(Told told, Told than) {
    return !isOlder(told, than);
  }

  private static boolean isNotNewer(Told told, Told than) {
    return !isOlder(than, told);
  }

  private static boolean isOlder(Told one, Told other) {
    Long sequence = one.sequence();
    Long others = other.sequence();
    if (sequence != null && others != null) {
      return sequence < others;
    }
    return one.when().isBefore(other.when());
  }

  /**
   * Those from which every other is reached along the order: the first one, or where the order goes
   * in a circle at its head, the circle.
   */
  private static Set<Told> ahead(List<Told> all, BiPredicate<Told, Told> isNotBehind) {
    Set<Told> ahead = new HashSet<>();
    for (Told one : all) {
      Set<Told> reached = new HashSet<>(Set.of(one));
      List<Told> open = new ArrayList<>(List.of(one));
      while (!open.isEmpty()) {
        Told next = open.removeLast();
        for (Told other : all) {
          if (isNotBehind.test(next, other) && reached.add(other)) {
            open.add(other);
          }
        }
      }
      if (reached.size() == all.size()) {
        ahead.add(one);
      }
    }
    return ahead;
  }
}
