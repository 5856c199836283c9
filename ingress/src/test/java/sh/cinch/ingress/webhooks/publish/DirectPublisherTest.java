package sh.cinch.ingress.webhooks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.testkit.PushBody.hash;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.ManualClock;

@OnSharedServers
class DirectPublisherTest {

  private static final Duration WITHIN = Duration.ofSeconds(20);

  @Test
  void whereKafkaIsNotFoundYetNobodyWaitsAndTheWayStaysOpen() {
    try (TestParts parts = SharedServers.context(SharedServers.nowhere());
        RunningService service = new RunningService("ingress", parts.context())) {
      DirectPublisher direct = direct(service);

      long begin = System.nanoTime();
      CompletableFuture<Boolean> publishing = direct.publish(List.of(record(), record()));

      assertThat(publishing).isCompletedWithValue(false);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(WITHIN);
      assertThat(direct.isOpen()).isTrue();
    }
  }

  @Test
  void onceKafkaIsFoundItAcknowledgesWithoutAnybodyWaiting() {
    try (TestParts parts = SharedServers.context();
        RunningService service = new RunningService("ingress", parts.context())) {
      DirectPublisher direct = direct(service);

      await().until(() -> direct.publish(List.of(record(), record())).join());
    }
  }

  private static DirectPublisher direct(RunningService service) {
    return new DirectPublisher(PushProducers.of(service, WITHIN), () -> true, new ManualClock());
  }

  private static ProducerRecord<byte[], byte[]> record() {
    return new ReconciledPush(
            new Repository(
                UUID.randomUUID(),
                Repository.BITBUCKET_CLOUD,
                "acme/app",
                "{" + UUID.randomUUID() + "}",
                "https://bitbucket.org/acme/app.git"),
            "refs/heads/main",
            null,
            hash('1'),
            1,
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH)
        .event()
        .toRecord();
  }
}
