package sh.cinch.statusworker.history;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.cinch.statusworker.history.Finding.Kind;
import sh.cinch.statusworker.history.Wire.Post;

/** Holds what stands on Bitbucket after a history, and how it came there, against the contract. */
final class Audit {

  private static final int LANES = 2;

  private final History history;
  private final HistoryStand stand;
  private final List<JsonObject> statuses;
  private final List<JsonObject> writes;
  private final List<Finding> findings = new ArrayList<>();
  private int audited;
  private int ambiguous;
  private int excused;

  Audit(History history, HistoryStand stand) {
    this.history = history;
    this.stand = stand;
    JsonObject said =
        stand.bitbucket.control(
            "GET", "/repositories/" + history.fullName() + "/statuses", new JsonObject());
    this.statuses = objects(said, "statuses").toList();
    this.writes =
        objects(said, "writes").filter(write -> write.getInteger("answer") / 100 == 2).toList();
    history.commits().forEach(this::commit);
  }

  private static Stream<JsonObject> objects(JsonObject in, String list) {
    return in.getJsonArray(list).stream().map(JsonObject.class::cast);
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** How many statuses there were. */
  int audited() {
    return audited;
  }

  /** Of how many statuses the contract lets more than one thing be right. */
  int ambiguous() {
    return ambiguous;
  }

  /** How many posts went back, by requests that landed late. */
  int excused() {
    return excused;
  }

  int writes() {
    return writes.size();
  }

  private void commit(String commit) {
    Map<String, List<Told>> byKey =
        history.told().stream()
            .filter(told -> told.commit().equals(commit))
            .collect(groupingBy(told -> Objects.requireNonNullElse(told.key(), "cinch")));
    Map<String, JsonObject> left = new TreeMap<>();
    for (JsonObject status : statuses) {
      if (status.getString("commit").equals(commit)
          && left.put(status.getString("key"), status) != null) {
        find(Kind.STRAY, "a second status under " + status.getString("key"), List.of(), commit, "");
      }
    }
    byKey.forEach((key, told) -> new OneKey(commit, key, told).audit(left));
    left.values()
        .forEach(status -> find(Kind.STRAY, "nobody asked for " + status, List.of(), commit, ""));
  }

  private void find(Kind kind, String what, Collection<Told> told, String commit, String shown) {
    String story =
        "%s, commit %s%ntold:%n%s%nlanded:%n%s%nsent:%n%s"
            .formatted(
                history,
                commit,
                lines(told.stream()),
                lines(
                    writes.stream()
                        .filter(write -> write.getString("commit").equals(commit))
                        .filter(write -> shown.isEmpty() || shown.equals(write.getString("key")))
                        .map(write -> write.getJsonObject("body"))
                        .map(
                            body ->
                                "%s %s as %s of %s"
                                    .formatted(
                                        body.getString("description"),
                                        body.getString("state"),
                                        body.getString("key"),
                                        body.getString("refname")))),
                lines(
                    stand.wire.posts(commit).stream()
                        .filter(post -> shown.isEmpty() || shown.equals(post.key()))));
    findings.add(new Finding(kind, history.seed(), what, story));
  }

  private static String lines(Stream<?> some) {
    return some.map(one -> "  " + one).collect(joining(System.lineSeparator()));
  }

  /** The statuses of one key on one commit. */
  private final class OneKey {

    private final String commit;
    private final String key;
    private final List<Told> told;
    private final List<Map<String, Set<Told>>> worlds;
    private final Set<String> refs = new TreeSet<>();

    OneKey(String commit, String key, List<Told> told) {
      this.commit = commit;
      this.key = key;
      this.told = told;
      this.worlds = Contract.statuses(told);
      worlds.forEach(world -> refs.addAll(world.keySet()));
    }

    void audit(Map<String, JsonObject> left) {
      Map<String, JsonObject> byRef = new TreeMap<>();
      Set<String> without = new LinkedHashSet<>(refs);
      for (String ref : refs) {
        take(left, shown -> Keys.isOfFurther(shown, key, ref))
            .ifPresent(
                status -> {
                  byRef.put(ref, status);
                  without.remove(ref);
                });
      }
      Optional<JsonObject> first = take(left, shown -> Keys.isOfFirst(shown, key));
      if (first.isPresent() && without.isEmpty()) {
        find(Kind.STRAY, "of all refs, and one more: " + first.get());
      } else if (first.isPresent()) {
        String ref = without.iterator().next();
        byRef.put(ref, first.get());
        without.remove(ref);
      }
      audited += refs.size();
      without.forEach(ref -> find(Kind.MISSING, "no status of %s '%s'".formatted(key, ref)));
      Set<String> firsts = firsts();
      if (first.isPresent()
          && firsts.stream().noneMatch(ref -> first.get().equals(byRef.get(ref)))) {
        find(Kind.STRAY, "of %s one was the first, %s has its key".formatted(firsts, first));
      }
      compare(byRef);
      byRef.forEach((ref, status) -> new Course(this, ref, status.getString("key")).audit());
    }

    private Optional<JsonObject> take(Map<String, JsonObject> left, Predicate<String> which) {
      Optional<String> found = left.keySet().stream().filter(which).findFirst();
      return found.map(left::remove);
    }

    /** The refs that may have been the first by time among those told of then, lane by lane. */
    private Set<String> firsts() {
      List<Told> named = told.stream().filter(one -> !one.fullRef().isEmpty()).toList();
      Set<String> firsts = new TreeSet<>(named.isEmpty() ? refs : Set.of());
      for (int lane = 0; lane < LANES; lane++) {
        Instant earliest = Instant.MAX;
        for (Told one : named) {
          if (one.lane() == lane && !one.when().isAfter(earliest)) {
            earliest = one.when();
            firsts.add(one.fullRef());
          }
        }
      }
      return firsts;
    }

    private void compare(Map<String, JsonObject> byRef) {
      Map<String, String> marks = new HashMap<>();
      byRef.forEach((ref, status) -> marks.put(ref, status.getString("description")));
      boolean isOneWorld =
          worlds.stream()
              .anyMatch(
                  world ->
                      marks.entrySet().stream()
                          .allMatch(
                              entry ->
                                  world.getOrDefault(entry.getKey(), Set.of()).stream()
                                      .anyMatch(one -> one.mark().equals(entry.getValue()))));
      byRef.forEach(
          (ref, status) -> {
            Set<Told> right = Contract.newestOf(worlds, ref);
            if (right.size() > 1) {
              ambiguous++;
            }
            Optional<Told> shown =
                right.stream()
                    .filter(one -> one.mark().equals(status.getString("description")))
                    .findFirst();
            if (shown.isEmpty() || !isOneWorld) {
              find(
                  Kind.STATE,
                  "%s '%s' shows %s; right: %s%nfor that suffices:%n%s"
                      .formatted(
                          key,
                          ref,
                          status.getString("description"),
                          right,
                          lines(lessThatSuffices(ref, status.getString("description")).stream())),
                  status.getString("key"));
            } else {
              text(ref, status, shown.get());
            }
          });
    }

    /** As few records as have what is shown be wrong. */
    private List<Told> lessThatSuffices(String ref, @Nullable String shown) {
      List<Told> less = new ArrayList<>(told);
      for (Told one : told) {
        List<Told> without = new ArrayList<>(less);
        without.remove(one);
        if (!one.mark().equals(shown) && !without.isEmpty()) {
          Set<Told> right = Contract.newestOf(Contract.statuses(without), ref);
          if (!right.isEmpty() && right.stream().noneMatch(each -> each.mark().equals(shown))) {
            less = without;
          }
        }
      }
      return less;
    }

    private void text(String ref, JsonObject status, Told shown) {
      List<String> wrong = new ArrayList<>();
      is(wrong, "state", shown.shown(), status);
      is(wrong, "name", Objects.requireNonNullElse(shown.name(), "Cinch CI"), status);
      if (shown.url() != null) {
        is(wrong, "url", shown.url(), status);
      }
      String branch = branch(ref);
      boolean mayBeWithout = told.stream().anyMatch(one -> one.fullRef().isEmpty());
      String refname = status.getString("refname");
      if (!Objects.equals(refname, branch) && !(mayBeWithout && refname == null)) {
        wrong.add("refname is %s, not %s".formatted(refname, branch));
      }
      if (!wrong.isEmpty()) {
        find(Kind.TEXT, "%s '%s': %s".formatted(key, ref, wrong), status.getString("key"));
      }
    }

    private static void is(List<String> wrong, String field, String right, JsonObject status) {
      if (!right.equals(status.getString(field))) {
        wrong.add("%s is %s, not %s".formatted(field, status.getString(field), right));
      }
    }

    private static @Nullable String branch(String ref) {
      return ref.startsWith("refs/heads/") ? ref.substring("refs/heads/".length()) : null;
    }

    private void find(Kind kind, String what) {
      find(kind, what, "");
    }

    private void find(Kind kind, String what, String shown) {
      Audit.this.find(kind, what, told, commit, shown);
    }
  }

  /**
   * The posts of one status: what was known of its builds only grew, lane by lane, and each post
   * was the newest of what was known then.
   */
  private final class Course {

    private final OneKey ofKey;
    private final String ref;
    private final String shown;
    private final List<List<Told>> lanes;
    private final Map<List<Integer>, Set<Told>> newest = new HashMap<>();

    Course(OneKey ofKey, String ref, String shown) {
      this.ofKey = ofKey;
      this.ref = ref;
      this.shown = shown;
      this.lanes =
          IntStream.range(0, LANES)
              .mapToObj(lane -> ofKey.told.stream().filter(one -> one.lane() == lane).toList())
              .toList();
    }

    void audit() {
      List<JsonObject> course =
          writes.stream()
              .filter(write -> write.getString("commit").equals(ofKey.commit))
              .map(write -> write.getJsonObject("body"))
              .filter(body -> shown.equals(body.getString("key")))
              .toList();
      List<Post> posts =
          stand.wire.posts(ofKey.commit).stream().filter(post -> post.key().equals(shown)).toList();
      if (course.stream().map(body -> String.valueOf(body.getString("refname"))).distinct().count()
          > 1) {
        ofKey.find(Kind.REFNAME, "posted with several refnames", shown);
      }
      Map<String, Integer> excuses = new HashMap<>();
      posts.stream()
          .filter(post -> !post.isEndKnown)
          .forEach(post -> excuses.merge(post.mark(), 1, Integer::sum));
      follow(course, excuses);
    }

    private void follow(List<JsonObject> course, Map<String, Integer> excuses) {
      Set<List<Integer>> known = Set.of(List.of(0, 0));
      for (JsonObject body : course) {
        String mark = body.getString("description", "");
        Set<List<Integer>> then = new LinkedHashSet<>();
        for (List<Integer> from : known) {
          for (int i = from.get(0); i <= lanes.get(0).size(); i++) {
            for (int j = from.get(1); j <= lanes.get(1).size(); j++) {
              if (newest(i, j).stream().anyMatch(one -> one.mark().equals(mark))) {
                then.add(List.of(i, j));
              }
            }
          }
        }
        boolean isExcused = excuses.getOrDefault(mark, 0) > 0;
        if (then.isEmpty() && !isExcused) {
          ofKey.find(Kind.BACKWARDS, "%s was posted after newer ones".formatted(mark), shown);
        } else if (then.isEmpty()) {
          excuses.merge(mark, -1, Integer::sum);
          excused++;
        } else if (isExcused) {
          then.addAll(known);
          known = then;
        } else {
          known = then;
        }
      }
    }

    private Set<Told> newest(int ofFirst, int ofSecond) {
      return newest.computeIfAbsent(
          List.of(ofFirst, ofSecond),
          some ->
              Contract.newestOf(
                  Contract.statuses(
                      Stream.concat(
                              lanes.get(0).subList(0, ofFirst).stream(),
                              lanes.get(1).subList(0, ofSecond).stream())
                          .toList()),
                  ref));
    }
  }
}
