package sh.cinch.ingress.reconciler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sh.cinch.database.ingress.Tables.MISSED_PUSH;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.reconciler.Looking.Watched;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.TopicWriter;

/** What an ingress of release 0.1.0 publishes while this one compares heads. */
@OnLooking
class BesideFormerReleaseTest {

  private static final String MAIN = "refs/heads/main";

  private final Looking looking;
  private final Watched watched;
  private final String before;
  private final String pushed;

  BesideFormerReleaseTest(Looking looking) {
    this.looking = looking;
    watched = looking.known();
    before = Objects.requireNonNull(Objects.requireNonNull(looking.head(watched, MAIN)).hash());
    pushed = looking.push(watched, MAIN);
    looking.wait(Looking.A_WHILE);
  }

  @Test
  void whatItHasPublishedIsKnown() {
    try (TopicWriter topics = new TopicWriter(looking.kafka)) {
      topics.write(asOf010());
    }
    looking.recorded();

    looking.look();
    looking.confirm();

    assertThat(looking.rows(MISSED_PUSH)).isZero();
    assertThat(looking.head(watched, MAIN))
        .returns(pushed, KnownHead::hash)
        .returns(1L, KnownHead::number);
    assertOnlyItsOwn();
  }

  /** It knows nothing of missed pushes: two looks have found this one while it had taken it. */
  @Test
  void whatItHasInItsOutboxIsLetThrough() {
    looking.look();
    looking.wait(Looking.A_WHILE);
    looking.look();
    MissedPushPublisher publisher = looking.publisher();

    assertThat(
            looking.whileNothingIsDrained(
                () -> {
                  looking
                      .parts
                      .database()
                      .write(transaction -> looking.outbox.add(transaction, asOf010()));
                  boolean unused = publisher.run();
                  return publisher.run();
                }))
        .isPresent();
    looking.publish(publisher);
    looking.events(watched, 1);
    looking.recorded();
    looking.confirm();
    looking.confirm();

    assertOnlyItsOwn();
  }

  private void assertOnlyItsOwn() {
    assertThat(looking.side.different(watched.connected()))
        .extracting(PushEvent::newHash, PushEvent::reconciled)
        .containsExactly(tuple(pushed, false));
  }

  /** With the fields and headers that 0.1.0 writes: none says {@code test} or {@code replayOf}. */
  private ProducerRecord<byte[], byte[]> asOf010() {
    JsonObject value =
        new JsonObject()
            .put(
                "repository",
                new JsonObject()
                    .put("id", watched.id().toString())
                    .put("forge", "bitbucket-cloud")
                    .put("fullName", watched.name())
                    .put("uuid", watched.connected().uuid())
                    .put("cloneUrl", "https://bitbucket.org/" + watched.name() + ".git"))
            .put("ref", MAIN)
            .put("type", "branch")
            .put("change", "updated")
            .put("old", before)
            .put("new", pushed)
            .put("forced", false)
            .put("commit", pushed)
            .put("message", "Fix")
            .put("author", "Jo <jo@example.com>")
            .put("truncated", false)
            .put("reconciled", false)
            .putNull("actor")
            .put("hookId", watched.connected().hook().toString())
            .put("deliveryId", UUID.randomUUID().toString())
            .put("attempt", 1)
            .put("receivedAt", Instant.now().toString());
    var made =
        new ProducerRecord<>(
            Topic.PUSH.name(),
            watched.id().toString().getBytes(UTF_8),
            value.encode().getBytes(UTF_8));
    header(made, "ce_specversion", "1.0");
    header(made, "ce_id", UUID.randomUUID().toString());
    header(made, "ce_source", "/cinch/ingress");
    header(made, "ce_type", "sh.cinch.push");
    header(made, "ce_subject", watched.name());
    header(made, "ce_time", Instant.now().toString());
    header(made, "content-type", "application/json");
    return made;
  }

  private static void header(ProducerRecord<byte[], byte[]> made, String name, String value) {
    made.headers().add(name, value.getBytes(UTF_8));
  }
}
