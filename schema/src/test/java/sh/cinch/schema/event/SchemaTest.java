package sh.cinch.schema.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;

/** The records say the same as the schemas, in both directions. */
class SchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  record Sample(Topic<?> topic, Object event) {}

  static Stream<Sample> samples() {
    return Samples.OF.entrySet().stream()
        .flatMap(
            entry -> entry.getValue().stream().map(event -> new Sample(entry.getKey(), event)));
  }

  static Stream<Topic<?>> topics() {
    return Topic.ALL.stream().filter(topic -> !topic.equals(Topic.DEAD_LETTER));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatIsWrittenFitsTheSchema(Sample sample) throws IOException {
    assertThat(violations(sample.topic(), EventJson.write(sample.event()))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatIsWrittenIsReadBackTheSame(Sample sample) {
    assertThat(EventJson.read(EventJson.write(sample.event()), sample.topic().event()))
        .isEqualTo(new Reading.Good<>(sample.event()));
  }

  @ParameterizedTest
  @MethodSource("topics")
  void recordAndSchemaHaveTheSameFields(Topic<?> topic) throws IOException {
    JsonNode full = JSON.readTree(EventJson.write(fullest(topic)));
    assertSameFields("", full, JSON.readTree(schemaText(topic)), JSON.readTree(schemaText(topic)));
  }

  @ParameterizedTest
  @MethodSource("topics")
  void whatTheSchemaRequiresTheRecordRequires(Topic<?> topic) throws IOException {
    ObjectNode event = (ObjectNode) JSON.readTree(EventJson.write(fullest(topic)));
    for (JsonNode field : JSON.readTree(schemaText(topic)).get("required")) {
      if (nullable(topic, field.asText())) {
        continue;
      }
      ObjectNode without = event.deepCopy();
      without.remove(field.asText());
      byte[] bytes = JSON.writeValueAsBytes(without);
      assertThat(violations(topic, bytes)).as("schema without %s", field).isNotEmpty();
      assertThat(EventJson.read(bytes, topic.event()))
          .as("record without %s", field)
          .isInstanceOf(Reading.Bad.class);
    }
  }

  @Test
  void everyTopicHasASample() {
    assertThat(Samples.OF.keySet()).containsExactlyInAnyOrderElementsOf(topics().toList());
  }

  private static Object fullest(Topic<?> topic) {
    return Objects.requireNonNull(Samples.OF.get(topic)).getFirst();
  }

  /** Primitive fields have a default and lists an empty one: absent on the way in is harmless. */
  private static boolean nullable(Topic<?> topic, String field) throws IOException {
    JsonNode property = JSON.readTree(schemaText(topic)).at("/properties/" + field);
    String type = property.path("type").toString();
    return type.contains("null")
        || type.contains("boolean")
        || type.contains("array")
        || type.equals("\"integer\"");
  }

  private static void assertSameFields(
      String path, JsonNode value, JsonNode schema, JsonNode root) {
    JsonNode resolved =
        schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
    if (value.isArray()) {
      value.forEach(item -> assertSameFields(path + "[]", item, resolved.path("items"), root));
    } else if (value.isObject()) {
      assertThat(names(value))
          .as("fields of '%s'", path)
          .isEqualTo(names(resolved.path("properties")));
      value
          .properties()
          .forEach(
              field ->
                  assertSameFields(
                      path + "." + field.getKey(),
                      field.getValue(),
                      resolved.path("properties").path(field.getKey()),
                      root));
    }
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  static List<String> violations(Topic<?> topic, byte[] event) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                schemaText(topic),
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    return schema.validate(new String(event, StandardCharsets.UTF_8), InputFormat.JSON).stream()
        .map(ValidationMessage::getMessage)
        .toList();
  }

  private static String schemaText(Topic<?> topic) throws IOException {
    String file = "/contract/" + topic.name() + ".schema.json";
    try (InputStream stream = SchemaTest.class.getResourceAsStream(file)) {
      assertThat(stream).as(file).isNotNull();
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
