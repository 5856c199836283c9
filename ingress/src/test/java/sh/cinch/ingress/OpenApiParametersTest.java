package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.http.RequestLimits;

/** What stands in an address or a header of the API has the limits that requests have anywhere. */
class OpenApiParametersTest {

  private static final Map<String, Integer> LENGTHS =
      Map.of(
          "cursor", RequestLimits.CURSOR,
          "id", RequestLimits.ID,
          "Idempotency-Key", RequestLimits.IDEMPOTENCY_KEY,
          "repository", RequestLimits.REPOSITORY,
          "reason", RequestLimits.SEARCH);

  @Test
  void everyTextIsAsLongAsItMayBe() throws IOException {
    for (JsonNode parameter : parameters()) {
      JsonNode schema = parameter.get("schema");
      String name = parameter.get("name").asText();
      boolean isBounded =
          schema.has("pattern")
              || schema.has("enum")
              || schema.has("format")
              || !"string".equals(schema.get("type").asText())
              || isOfUpload(name);
      if (LENGTHS.containsKey(name) && !schema.has("format")) {
        assertThat(schema.path("maxLength").asInt()).as(name).isEqualTo(LENGTHS.get(name));
      } else {
        assertThat(isBounded).as(name + " has a bound").isTrue();
      }
    }
  }

  @Test
  void aPageIsAsLongAsItMayBe() throws IOException {
    assertThat(parameters())
        .filteredOn(parameter -> parameter.get("name").asText().equals("limit"))
        .isNotEmpty()
        .allSatisfy(
            limit -> assertThat(limit.at("/schema/maximum").asInt()).isEqualTo(RequestLimits.PAGE));
  }

  /** Read by patterns of their own, which are no longer than they must be. */
  private static boolean isOfUpload(String name) {
    return List.of("Digest", "Repr-Digest", "Content-Range").contains(name);
  }

  private static List<JsonNode> parameters() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(OpenApiParametersTest.class.getResourceAsStream("/openapi.json"))) {
      for (JsonNode path : new ObjectMapper().readTree(in).get("paths")) {
        path.path("parameters").forEach(all::add);
        path.forEach(operation -> operation.path("parameters").forEach(all::add));
      }
    }
    return all;
  }
}
