package sh.cinch.service.kafka;

import java.nio.file.Path;
import java.util.Optional;
import sh.cinch.service.config.Environment;

/**
 * @param bootstrapServers {@code host:port,host:port}
 * @param properties a file with whatever else the clients need: TLS, SASL
 */
public record KafkaSettings(String bootstrapServers, Optional<Path> properties) {

  public static KafkaSettings from(Environment environment) {
    return new KafkaSettings(
        environment.text("CINCH_KAFKA"), environment.file("CINCH_KAFKA_PROPERTIES"));
  }
}
