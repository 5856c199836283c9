package sh.cinch.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document speaks of the topics as they are. */
class AsyncApiTest {

  private static JsonNode document;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream stream = AsyncApiTest.class.getResourceAsStream("/contract/asyncapi.json")) {
      document = new ObjectMapper().readTree(stream);
    }
  }

  @Test
  void everyTopicIsAChannelWithItsSettings() {
    Map<String, JsonNode> kafka =
        elements(document.get("channels"))
            .collect(
                Collectors.toMap(
                    channel -> channel.get("address").asText(),
                    channel -> channel.at("/bindings/kafka")));
    assertThat(kafka.keySet())
        .containsExactlyInAnyOrderElementsOf(Topic.ALL.stream().map(Topic::name).toList());
    for (Topic<?> topic : Topic.ALL) {
      JsonNode binding = Objects.requireNonNull(kafka.get(topic.name()));
      assertThat(binding.get("partitions").asInt()).isEqualTo(topic.partitions());
      assertThat(binding.get("topic").asText()).isEqualTo(topic.name());
      assertThat(settings(binding.get("topicConfiguration"))).isEqualTo(topic.settings());
    }
  }

  /** As Kafka takes them of whoever makes the topic. */
  private static Map<String, String> settings(JsonNode configuration) {
    return configuration.properties().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                setting ->
                    setting.getValue().isArray()
                        ? elements(setting.getValue())
                            .map(JsonNode::asText)
                            .collect(Collectors.joining(","))
                        : setting.getValue().asText()));
  }

  @Test
  void whoReadsAndHowToSignInIsSaid() {
    assertThat(document.at("/operations/receiveBuildStates/bindings/kafka/groupId/const").asText())
        .isEqualTo("status-worker");
    assertThat(
            document.at("/operations/receiveReleaseRequests/bindings/kafka/groupId/const").asText())
        .isEqualTo("release-worker");
    assertThat(elements(document.get("servers")))
        .isNotEmpty()
        .allSatisfy(server -> assertThat(server.get("security")).isNotEmpty());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    assertThat(references(document))
        .isNotEmpty()
        .allSatisfy(
            reference -> {
              if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode()).isFalse();
              } else {
                assertThat(AsyncApiTest.class.getResource("/contract/" + reference)).isNotNull();
              }
            });
  }

  private static Stream<String> references(JsonNode node) {
    Stream<String> here = node.has("$ref") ? Stream.of(node.get("$ref").asText()) : Stream.empty();
    return Stream.concat(here, elements(node).flatMap(AsyncApiTest::references));
  }

  private static Stream<JsonNode> elements(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }
}
