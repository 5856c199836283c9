package sh.cinch.local.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sh.cinch.embedded.Database;
import sh.cinch.embedded.KafkaAccess;

/**
 * Where everything of a running stack is and how to get in; {@code .cinch/stack.json} says so to
 * other programs.
 *
 * @param kafka how any Kafka client gets in
 * @param database as the user who may do anything
 * @param simulator empty where the real Bitbucket is used
 * @param apiToken an operator's token for {@code /api/v1}: a secret
 */
public record Addresses(
    URI ingress,
    URI tokenService,
    KafkaAccess kafka,
    Database database,
    Optional<URI> simulator,
    String apiToken) {

  String toJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ingress", ingress);
    fields.put("tokenService", tokenService);
    fields.put("kafka", kafka.bootstrapServers());
    fields.put("kafkaUser", kafka.user());
    fields.put("kafkaPassword", kafka.password());
    fields.put("database", database.url());
    fields.put("databaseUser", database.user());
    fields.put("databasePassword", database.password());
    fields.put("simulator", simulator.orElse(null));
    fields.put("apiToken", apiToken);
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(fields) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "ingress " + ingress;
  }
}
