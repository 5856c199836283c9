package sh.cinch.acceptance.rolling;

import static java.util.stream.Collectors.groupingBy;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sh.cinch.acceptance.rolling.Check.Report;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.status.StatusKey;

/** What stands on Bitbucket, and how it came there, held against what the builds have told. */
final class Shown {

  /** Of one commit, a key that Bitbucket knows. */
  record Place(String commit, String key) {}

  private static final Pattern URL =
      Pattern.compile("https://ci\\.example\\.com/(\\d+)/(\\d+)/(\\d+)");

  private final Map<Place, JsonObject> statuses = new HashMap<>();
  private final List<JsonObject> writes;
  private final List<List<Check>> ofOneKey;
  private final List<Check> checks;

  Shown(Load load, Fleet fleet) {
    checks = load.checks.stream().filter(check -> check.wanted().isPresent()).toList();
    ofOneKey =
        List.copyOf(
            checks.stream()
                .collect(groupingBy(check -> new Place(check.commit(), check.key())))
                .values());
    JsonObject said =
        fleet.bitbucket.control(
            "GET", "/repositories/" + load.fullName + "/statuses", new JsonObject());
    objects(said, "statuses")
        .forEach(
            status ->
                statuses.put(
                    new Place(status.getString("commit"), status.getString("key")), status));
    writes =
        objects(said, "writes").filter(write -> write.getInteger("answer") / 100 == 2).toList();
  }

  private static Stream<JsonObject> objects(JsonObject in, String list) {
    return in.getJsonArray(list).stream().map(JsonObject.class::cast);
  }

  int writes() {
    return writes.size();
  }

  int checks() {
    return checks.size();
  }

  /** How many share their key with another ref's. */
  long ofSeveralRefs() {
    return ofOneKey.stream().filter(some -> some.size() > 1).mapToInt(List::size).sum();
  }

  /** Each check's place: the first of a key has the key as it is. */
  Map<Place, Check> places() {
    Map<Place, Check> places = new LinkedHashMap<>();
    ofOneKey.forEach(
        some ->
            some.forEach(
                check ->
                    places.put(
                        new Place(
                            check.commit(),
                            check == some.getFirst()
                                ? StatusKey.first(check.key())
                                : StatusKey.further(check.key(), check.ref())),
                        check)));
    return places;
  }

  /**
   * @param isFormer whether release 0.1.0 is alone at work: it has one status for all refs of a
   *     key, so what that shows is not looked at
   * @return every status that does not show what it has to, and every one too many
   */
  List<String> wrong(boolean isFormer) {
    List<String> wrong = new ArrayList<>();
    Map<Place, JsonObject> left = new HashMap<>(statuses);
    places()
        .forEach(
            (place, check) -> {
              JsonObject status = left.remove(place);
              Report wanted = check.wanted().orElseThrow();
              if (!(isFormer && isOfSeveralRefs(check))
                  && (status == null
                      || !status.getString("state").equals(inWords(wanted.state()))
                      || !status.getString("url").equals(check.url(wanted)))) {
                wrong.add(
                    "%s of %s is %s, told was %s".formatted(place, check.ref(), status, check));
              }
            });
    left.values().forEach(status -> wrong.add("nobody's: " + status));
    return wrong;
  }

  /** The state that is shown of what was told of it, in Bitbucket's words. */
  static String inWords(State state) {
    return switch (state) {
      case PENDING, RUNNING -> "INPROGRESS";
      case SUCCESS -> "SUCCESSFUL";
      case FAILURE, ERROR -> "FAILED";
      case CANCELLED -> "STOPPED";
    };
  }

  /**
   * Every write that was made after a newer one of the same builds.
   *
   * @param from from then on release 0.1.0 was at work again, which takes all refs of a key for one
   * @param until it was not any more
   */
  List<String> covered(Instant from, Instant until) {
    List<String> covered = new ArrayList<>();
    Map<Integer, Report> last = new HashMap<>();
    Map<Integer, Check> byId = new HashMap<>();
    checks.forEach(check -> byId.put(check.id(), check));
    for (JsonObject write : writes) {
      Matcher url = URL.matcher(write.getJsonObject("body").getString("url"));
      if (!url.matches()) {
        throw new AssertionError("nobody told of " + write);
      }
      Check check = Objects.requireNonNull(byId.get(Integer.parseInt(url.group(1))));
      Report report = check.told(Integer.parseInt(url.group(2)), Integer.parseInt(url.group(3)));
      Report before = last.get(check.id());
      if (before != null && Report.NEWER.compare(before, report) > 0) {
        Instant at = Instant.parse(write.getString("time"));
        if (!isOfSeveralRefs(check) || at.isBefore(from) || at.isAfter(until)) {
          covered.add("%s after %s: %s".formatted(report, before, write));
        }
      } else {
        last.put(check.id(), report);
      }
    }
    return covered;
  }

  private boolean isOfSeveralRefs(Check check) {
    return ofOneKey.stream().anyMatch(some -> some.size() > 1 && some.contains(check));
  }
}
