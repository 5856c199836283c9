package sh.cinch.ingress.running;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.Outcome.Kind;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.testkit.PushBody;

/** A release's records, as a runner and the release-worker write them. */
public record ReleaseEvents(UUID repository, String id, String tag) {

  private static final URI SOURCE = URI.create("/cinch/test");
  public static final String COMMIT = PushBody.hash('c');

  public static ReleaseRequest.File file(String name, String source) {
    return new ReleaseRequest.File(name, source, 10L, "ab".repeat(32), null);
  }

  public static ReleaseRequest.File file(String name) {
    return file(name, "https://runner.example/" + name.replace(" ", "%20"));
  }

  public ProducerRecord<byte[], byte[]> request(ReleaseRequest.File... files) {
    return request(null, files);
  }

  public ProducerRecord<byte[], byte[]> request(
      ReleaseRequest.@Nullable Options options, ReleaseRequest.File... files) {
    return event(
        Topic.RELEASE_REQUEST,
        id,
        new ReleaseRequest(RepositoryRef.byId(repository), tag, COMMIT, options, List.of(files)));
  }

  /** As somebody who replays a dead letter sends it. */
  public ProducerRecord<byte[], byte[]> replay(ReleaseRequest.File... files) {
    ProducerRecord<byte[], byte[]> record = request(files);
    record.headers().add("cinch-replay", "1".getBytes(StandardCharsets.UTF_8));
    return record;
  }

  public ProducerRecord<byte[], byte[]> outcome(
      Result result, Instant at, @Nullable String reason) {
    return outcome(Kind.RELEASE, null, result, at, reason, List.of());
  }

  public ProducerRecord<byte[], byte[]> fileOutcome(
      String file, Result result, Instant at, @Nullable String reason) {
    return outcome(Kind.RELEASE_FILE, file, result, at, reason, List.of());
  }

  public ProducerRecord<byte[], byte[]> outcome(
      Kind kind,
      @Nullable String file,
      Result result,
      Instant at,
      @Nullable String reason,
      List<String> warnings) {
    return event(
        Topic.OUTCOME,
        UUID.randomUUID().toString(),
        new Outcome(
            kind,
            new Repository(
                repository,
                Repository.BITBUCKET_CLOUD,
                "acme/app",
                "{1}",
                "https://bitbucket.org/acme/app.git"),
            COMMIT,
            null,
            tag,
            file,
            result,
            201,
            2,
            reason,
            80L,
            warnings,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            id,
            at));
  }

  private <T> ProducerRecord<byte[], byte[]> event(Topic<T> topic, String eventId, T body) {
    return new Event<>(
            topic,
            repository.toString(),
            eventId,
            SOURCE,
            "acme/app",
            Instant.now(),
            Traceparent.begin(),
            body)
        .toRecord();
  }
}
