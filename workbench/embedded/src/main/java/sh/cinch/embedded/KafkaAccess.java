package sh.cinch.embedded;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.security.plain.PlainLoginModule;

/**
 * How to get into a Kafka broker.
 *
 * @param bootstrapServers {@code host:port}
 * @param properties a file that gives Kafka's own clients and tools the user and the password; only
 *     its owner reads it
 */
public record KafkaAccess(String bootstrapServers, String user, String password, Path properties) {

  /** Puts what it says into the file. */
  KafkaAccess write() {
    StringWriter text = new StringWriter();
    Properties file = new Properties();
    file.putAll(login());
    try {
      file.store(text, "For Kafka's own tools: --command-config");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    OwnersFile.write(properties, text.toString());
    return this;
  }

  /** All that a client needs to connect, and what else it wants. */
  public Map<String, Object> client(Map<String, ?> more) {
    Map<String, Object> settings = new HashMap<>(login());
    settings.put("bootstrap.servers", bootstrapServers);
    settings.putAll(more);
    return settings;
  }

  private Map<String, String> login() {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        jaas(user, password) + ";");
  }

  /** How Kafka is told who a client is, without the options that only a broker has. */
  static String jaas(String user, String password) {
    return "%s required username=\"%s\" password=\"%s\""
        .formatted(PlainLoginModule.class.getName(), user, password);
  }

  /** Without the password: this ends up in logs. */
  @Override
  public String toString() {
    return bootstrapServers + " as " + user;
  }
}
