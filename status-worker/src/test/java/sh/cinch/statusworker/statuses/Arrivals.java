package sh.cinch.statusworker.statuses;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;

/** Build states as they come in, each record after the one made before it. */
public final class Arrivals {

  public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  static final String COMMIT = "b2".repeat(20);

  private long offset;

  public static Repository repository() {
    UUID id = UUID.randomUUID();
    return new Repository(
        id, Repository.BITBUCKET_CLOUD, "acme/" + id, "{" + id + "}", "https://bitbucket.org/x");
  }

  /**
   * @param second after noon, by the runner's clock; by the broker's it is noon
   */
  public ReceivedBuildState of(
      Repository repository,
      String event,
      @Nullable String ref,
      @Nullable String number,
      State state,
      @Nullable Long sequence,
      int second) {
    BuildState build =
        new BuildState(
            RepositoryRef.byId(repository.id()),
            COMMIT,
            ref,
            "unit",
            "Unit tests",
            number,
            state,
            null,
            null,
            sequence,
            NOON.plusSeconds(second),
            null,
            null);
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", event.getBytes(StandardCharsets.UTF_8));
    return new ReceivedBuildState(
        repository,
        build,
        new Incoming(
            new ConsumerRecord<>(
                Topic.BUILD_STATE.name(),
                0,
                offset++,
                NOON.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                new byte[0],
                EventJson.write(build),
                headers,
                Optional.empty())));
  }
}
