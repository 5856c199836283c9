package sh.cinch.ingress.running;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseEvent.FileState;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.testkit.PushBody;

/** A release's records, as a runner and the release-worker write them. */
public record ReleaseEvents(UUID repository, String id, String tag) {

  private static final URI SOURCE = URI.create("/cinch/test");
  private static final Instant REQUESTED_AT = Instant.parse("2020-11-23T15:00:00Z");
  public static final String COMMIT = PushBody.hash('c');

  public static ReleaseRequest.File file(String name, String source) {
    return new ReleaseRequest.File(name, source, 10L, "ab".repeat(32), null);
  }

  public static ReleaseRequest.File file(String name) {
    return file(name, "https://runner.example/" + name.replaceAll("[^A-Za-z0-9.-]", "_"));
  }

  /** As it stands; called the same on the forge. */
  public static ReleaseEvent.File file(
      String name, FileState state, @Nullable String reason, String... warnings) {
    String download = name.replaceAll("[^A-Za-z0-9._-]", "_");
    return new ReleaseEvent.File(
        name,
        download,
        10,
        "ab".repeat(32),
        state,
        state == FileState.DELIVERED
            ? "https://bitbucket.org/acme/app/downloads/" + download
            : null,
        201,
        2,
        reason,
        List.of(warnings));
  }

  public ProducerRecord<byte[], byte[]> request(ReleaseRequest.File... files) {
    return request(null, files);
  }

  public ProducerRecord<byte[], byte[]> request(
      ReleaseRequest.@Nullable Options options, ReleaseRequest.File... files) {
    return event(
        Topic.RELEASE_REQUEST,
        repository.toString(),
        id,
        new ReleaseRequest(RepositoryRef.byId(repository), tag, COMMIT, options, List.of(files)));
  }

  /** As somebody who replays a dead letter sends it. */
  public ProducerRecord<byte[], byte[]> replay(ReleaseRequest.File... files) {
    ProducerRecord<byte[], byte[]> record = request(files);
    record.headers().add("cinch-replay", "1".getBytes(StandardCharsets.UTF_8));
    return record;
  }

  /** How it stands, as the release-worker says. */
  public ProducerRecord<byte[], byte[]> stands(
      long version, ReleaseEvent.State state, @Nullable String reason, ReleaseEvent.File... files) {
    return stands(version, state, null, List.of(), reason, files);
  }

  public ProducerRecord<byte[], byte[]> stands(
      long version,
      ReleaseEvent.State state,
      @Nullable WaitingFor waitingFor,
      List<String> warnings,
      @Nullable String reason,
      ReleaseEvent.File... files) {
    return event(
        Topic.RELEASE,
        id,
        id + ":" + version,
        new ReleaseEvent(
            new Repository(
                repository,
                Repository.BITBUCKET_CLOUD,
                "acme/app",
                "{1}",
                "https://bitbucket.org/acme/app.git"),
            id,
            tag,
            COMMIT,
            version,
            1,
            REQUESTED_AT,
            state,
            waitingFor,
            waitingFor == null ? null : REQUESTED_AT.plusSeconds(90),
            List.of(files),
            warnings,
            reason,
            REQUESTED_AT.plusSeconds(version)));
  }

  private <T> ProducerRecord<byte[], byte[]> event(
      Topic<T> topic, String key, String eventId, T body) {
    return new Event<>(
            topic, key, eventId, SOURCE, "acme/app", Instant.now(), Traceparent.begin(), body)
        .toRecord();
  }
}
