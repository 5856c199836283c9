package sh.cinch.statusworker.storm;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.ConnectedRepository;
import sh.cinch.testkit.TopicReader;

/** What stands on Bitbucket and on the topics once all is over, held against what was told. */
final class Aftermath {

  private record Key(String commit, String key) {
    static Key of(Place place) {
      return new Key(place.commit(), place.key());
    }
  }

  private final Builds builds;
  private final Storm storm;
  private final List<String> wrong = new ArrayList<>();
  private int writes;
  private int outcomes;
  private int repeated;

  Aftermath(Builds builds, Storm storm) {
    this.builds = builds;
    this.storm = storm;
    onBitbucket();
    outcomes();
    states();
    deadLetters();
  }

  /** Whatever is not as it must be. */
  List<String> wrong() {
    return wrong;
  }

  /** Posts that had an effect. */
  int writes() {
    return writes;
  }

  /** Outcomes, the waiting ones too. */
  int told() {
    return outcomes;
  }

  /** Outcomes that were sent once more after a kill. */
  int repeated() {
    return repeated;
  }

  private void onBitbucket() {
    Map<Key, JsonObject> shown = new HashMap<>();
    for (ConnectedRepository repository : storm.repositories()) {
      JsonObject said =
          storm.bitbucket.control(
              "GET",
              "/repositories/" + repository.repository().fullName() + "/statuses",
              new JsonObject());
      objects(said, "statuses")
          .forEach(
              status -> {
                Key key = new Key(status.getString("commit"), status.getString("key"));
                if (shown.put(key, status) != null) {
                  wrong.add("twice: " + status);
                }
              });
      writes +=
          (int)
              objects(said, "writes")
                  .filter(write -> write.getInteger("answer") / 100 == 2)
                  .count();
    }
    for (int i = 0; i < builds.statuses(); i++) {
      Report newest = builds.newest(i);
      JsonObject status = shown.remove(Key.of(storm.place(i)));
      if (status == null
          || !newest.shown().equals(status.getString("state"))
          || !newest.mark().equals(status.getString("description"))) {
        wrong.add("Bitbucket shows %s and not %s".formatted(status, newest));
      }
    }
    shown.values().forEach(status -> wrong.add("nobody told of " + status));
  }

  private static Stream<JsonObject> objects(JsonObject in, String list) {
    return in.getJsonArray(list).stream().map(JsonObject.class::cast);
  }

  /**
   * Of each report one, however often it was told: what is shown was delivered. Only one that got
   * its status back from an earlier build is told of again.
   */
  private void outcomes() {
    Map<String, Map<String, Result>> ends = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> record : records(Topic.OUTCOME)) {
      Outcome outcome = TopicReader.event(record, Topic.OUTCOME);
      String id = TopicReader.header(record, "ce_id").orElseThrow();
      outcomes++;
      if (!seen.add(id)) {
        repeated++;
      }
      if (outcome.result() != Result.WAITING) {
        ends.computeIfAbsent(String.valueOf(outcome.causedBy()), event -> new LinkedHashMap<>())
            .put(id, outcome.result());
      }
    }
    Set<String> newest = new HashSet<>();
    for (int i = 0; i < builds.statuses(); i++) {
      newest.add(builds.newest(i).mark());
    }
    for (Report report : new HashSet<>(builds.inOrderOfComing())) {
      List<Result> results = List.copyOf(ends.getOrDefault(report.mark(), Map.of()).values());
      List<Result> last =
          builds.newest(report.status()).build() == 1 || results.isEmpty()
              ? results
              // An earlier build may have had the status for a while, by what was known of both.
              : List.of(results.getLast());
      boolean isRight =
          last.equals(List.of(Result.DELIVERED))
              || (last.equals(List.of(Result.SUPERSEDED)) && !newest.contains(report.mark()));
      if (!isRight) {
        wrong.add("of %s was told %s".formatted(report, results));
      }
    }
  }

  private void states() {
    Map<Key, CommitStatusEvent> last = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records(Topic.COMMIT_STATUS)) {
      if (record.value() != null) {
        CommitStatusEvent state = TopicReader.event(record, Topic.COMMIT_STATUS);
        last.merge(
            new Key(state.commit(), state.key()),
            state,
            (one, other) -> one.version() > other.version() ? one : other);
      }
    }
    for (int i = 0; i < builds.statuses(); i++) {
      CommitStatusEvent state = last.get(Key.of(storm.place(i)));
      Report newest = builds.newest(i);
      if (state == null
          || state.progress() != Progress.DELIVERED
          || state.shown() == null
          || !state.shown().state().equals(newest.shown())
          || !state.causedBy().equals(newest.mark())) {
        wrong.add("the topic says %s of %s".formatted(state, newest));
      }
    }
  }

  private void deadLetters() {
    records(Topic.DEAD_LETTER)
        .forEach(letter -> wrong.add("a dead letter of " + TopicReader.header(letter, "ce_id")));
  }

  private List<ConsumerRecord<byte[], byte[]>> records(Topic<?> topic) {
    try (TopicReader reader = new TopicReader(storm.kafka, List.of(topic))) {
      return reader.records(topic);
    }
  }
}
