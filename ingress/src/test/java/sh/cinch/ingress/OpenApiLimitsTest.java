package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What may be posted has the limits of the topic it becomes a record of. */
class OpenApiLimitsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> WORDS_ONLY = Set.of("description", "$ref");

  @Test
  void buildStateIsThatOfTheTopic() throws IOException {
    ObjectNode contract = contract("cinch.build-state.v1");
    leaveOut(contract, "repository", "object"); // the address names it

    assertThat(api("BuildState")).isEqualTo(contract);
  }

  @Test
  void releaseRequestIsThatOfTheTopic() throws IOException {
    ObjectNode contract = contract("cinch.release-request.v1");
    leaveOut(contract, "commit", "string"); // then whatever the tag points to
    required((ObjectNode) contract.at("/properties/files/items"), "source"); // not in a dry run

    assertThat(api("ReleaseRequest")).isEqualTo(contract);
  }

  private static ObjectNode api(String name) throws IOException {
    return limits((ObjectNode) read("/openapi.json").at("/components/schemas/" + name));
  }

  private static ObjectNode contract(String topic) throws IOException {
    ObjectNode schema = (ObjectNode) read("/contract/" + topic + ".schema.json");
    ObjectNode properties = (ObjectNode) schema.get("properties");
    properties.set("repository", schema.at("/$defs/named"));
    schema.remove(List.of("$schema", "$id", "$defs", "title"));
    return limits(schema);
  }

  /** Null is as absent. */
  private static void leaveOut(ObjectNode schema, String field, String type) {
    required(schema, field);
    ((ObjectNode) schema.at("/properties/" + field)).putArray("type").add(type).add("null");
  }

  private static void required(ObjectNode schema, String field) {
    List<JsonNode> required = new ArrayList<>();
    schema.get("required").forEach(required::add);
    assertThat(required.removeIf(name -> name.asText().equals(field))).isTrue();
    schema.putArray("required").addAll(required);
  }

  /** All but the words for people. */
  private static ObjectNode limits(ObjectNode schema) {
    schema.remove(WORDS_ONLY);
    schema.path("properties").forEach(property -> limits((ObjectNode) property));
    if (schema.has("items")) {
      limits((ObjectNode) schema.get("items"));
    }
    return schema;
  }

  private static JsonNode read(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(OpenApiLimitsTest.class.getResourceAsStream(resource))) {
      return JSON.readTree(in);
    }
  }
}
