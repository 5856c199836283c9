package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.testkit.TestServers;

class WithoutKafkaTest {

  @Test
  void itStartsAndSaysWhatItWaitsFor() {
    KafkaSettings nowhere =
        new KafkaSettings("localhost:1", Optional.of(TestServers.shared().kafka().properties()));
    ServiceContext context =
        new ServiceContext(
            Vertx.vertx(),
            Database.open(Stack.settings(TestServers.shared().freshDatabase())),
            new Kafka(nowhere),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Stack.SHARED.clock);
    try (context;
        RunningService worker = Stack.SHARED.anotherWorker(context)) {
      assertThat(worker.health().problems())
          .containsEntry("topics", "Kafka has not been there yet")
          .containsEntry("connections", "the reader connections waits for Kafka");
    }
  }
}
