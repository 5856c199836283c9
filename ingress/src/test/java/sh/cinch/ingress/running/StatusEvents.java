package sh.cinch.ingress.running;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.CommitStatusEvent.Shown;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.PushBody;

/**
 * A commit status' records, as the status-worker writes them.
 *
 * @param ref null for none
 */
public record StatusEvents(UUID repository, String commit, String key, @Nullable String ref) {

  public static final String COMMIT = PushBody.hash('c');
  private static final Instant SINCE = Instant.parse("2026-11-23T15:00:00Z");

  public static StatusEvents of(UUID repository, String key) {
    return new StatusEvents(repository, COMMIT, key, null);
  }

  public StatusEvents ref(String named) {
    return new StatusEvents(repository, commit, key, named);
  }

  /** It succeeded, and Bitbucket shows it; to be changed as a test needs it. */
  public JsonObject event(long version) {
    JsonObject event =
        new JsonObject(
            new String(
                EventJson.write(
                    new CommitStatusEvent(
                        new Repository(
                            repository,
                            Repository.BITBUCKET_CLOUD,
                            "acme/app",
                            "{1}",
                            "https://bitbucket.org/acme/app.git"),
                        commit,
                        "any",
                        ref,
                        version,
                        "412",
                        "Unit tests",
                        null,
                        null,
                        BuildState.State.SUCCESS,
                        SINCE,
                        new Shown("any", "SUCCESSFUL", null, SINCE.plusSeconds(1)),
                        Progress.DELIVERED,
                        null,
                        null,
                        201,
                        1,
                        null,
                        List.of(),
                        null,
                        null,
                        "report-" + version,
                        SINCE.plusSeconds(version))),
                StandardCharsets.UTF_8));
    event.getJsonObject("shown").put("key", key);
    return event.put("key", key); // also one that no status can have
  }

  public ProducerRecord<byte[], byte[]> stands(long version) {
    return record(event(version));
  }

  public ProducerRecord<byte[], byte[]> record(JsonObject event) {
    // JSON can spell what UTF-8 cannot
    return record(event.encode().replace("\ud800", "\\ud800"));
  }

  public ProducerRecord<byte[], byte[]> tombstone() {
    return record((String) null);
  }

  public ProducerRecord<byte[], byte[]> record(@Nullable String event) {
    String recordKey = String.join(":", repository.toString(), commit, key, ref == null ? "" : ref);
    return new ProducerRecord<>(
        Topic.COMMIT_STATUS.name(),
        recordKey.getBytes(StandardCharsets.UTF_8),
        event == null ? null : event.getBytes(StandardCharsets.UTF_8));
  }
}
