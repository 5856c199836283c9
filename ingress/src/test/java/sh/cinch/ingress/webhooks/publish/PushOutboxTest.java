package sh.cinch.ingress.webhooks.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.Notifications;
import sh.cinch.service.health.Check;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.testkit.TestServers;

/** Two instances, neither of which looks unless it is told to. */
class PushOutboxTest {

  private static TestParts parts;

  private final UUID repository = UUID.randomUUID();
  private final PushOutbox one = outbox();
  private final PushOutbox other = outbox();

  @BeforeAll
  static void start() {
    parts = TestParts.open(SharedServers.kafka(), TestServers.shared().freshDatabase());
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @Test
  void anotherInstanceHearsOfWhomThereIsSomethingWithoutLooking() {
    CountDownLatch connected = new CountDownLatch(1);
    try (Notifications heard =
        Notifications.start(database(), PushOutbox.CHANNEL, other.others(connected::countDown))) {
      await().until(() -> connected.getCount() == 0);

      assertThat(one.stored(repository, List.of(push()))).isTrue();

      await().until(() -> other.holds(repository));
      assertThat(other.holds(UUID.randomUUID())).isFalse();
      assertThat(heard.check()).isInstanceOf(Check.Well.class);
    }
  }

  @Test
  void whoDidNotHearItFindsItByLooking() {
    assertThat(one.stored(repository, List.of(push()))).isTrue();
    assertThat(other.holds(repository)).isFalse();

    other.look();

    assertThat(other.holds(repository)).isTrue();
  }

  /** That has looked once. */
  private static PushOutbox outbox() {
    PushOutbox outbox = new PushOutbox(database(), new Outbox("ingress"), () -> {});
    outbox.look();
    return outbox;
  }

  private static Database database() {
    return parts.context().database();
  }

  private ProducerRecord<byte[], byte[]> push() {
    return new ProducerRecord<>(
        Topic.PUSH.name(), repository.toString().getBytes(UTF_8), new byte[1]);
  }
}
