package sh.cinch.schema.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;

/** What runners may write: the records take what the JSON Schemas take, and nothing else. */
class LimitsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "running",
          "2026-11-23T15:00:00Z",
          "unit tests 🗼",
          "a\u0000b",
          "a\nb",
          "a\u0085b",
          ".",
          "..",
          "A1".repeat(20),
          "a1".repeat(20),
          "a1".repeat(19),
          "0F".repeat(32),
          "0f".repeat(31),
          "refs/heads/main",
          "refs/tags/v1",
          "refs/heads/a:b",
          "refs/heads/a\u2028b",
          "main:x",
          "artifact:7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001",
          "artifact:9",
          "artifact:7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001/../x",
          "https://runner.example/a?b=c",
          "HTTPS://runner.example:8443/a",
          "https://user:secret@runner.example/a",
          "https:///a",
          "ftp://runner.example/a",
          "/etc/passwd",
          "x".repeat(250),
          "x".repeat(251),
          "🗼".repeat(255),
          "x".repeat(256),
          "x".repeat(289),
          "x".repeat(290),
          "refs/" + "x".repeat(295),
          "refs/" + "x".repeat(296),
          "x".repeat(500),
          "x".repeat(501),
          "https://runner.example/" + "x".repeat(2025),
          "https://runner.example/" + "x".repeat(2026),
          "a\rb\tc\r\nd",
          "https://runner.example/\nx",
          "x".repeat(1_000),
          "x".repeat(1_001),
          "🗼".repeat(1_000),
          "x".repeat(2_048),
          "x".repeat(2_049),
          "x".repeat(10_000),
          "x".repeat(10_001),
          "x".repeat(200_000));

  /** What others write, and is taken whole or refused. */
  private static final List<Topic<?>> OTHERS = List.of(Topic.BUILD_STATE, Topic.RELEASE_REQUEST);

  record Case(Topic<?> topic, String pointer) {}

  static Stream<Case> fields() throws IOException {
    return fields(OTHERS);
  }

  static Stream<Case> ownFields() throws IOException {
    return fields(SchemaTest.topics().filter(topic -> !OTHERS.contains(topic)).toList());
  }

  private static Stream<Case> fields(List<Topic<?>> topics) throws IOException {
    List<Case> cases = new ArrayList<>();
    for (Topic<?> topic : topics) {
      collect(topic, "", sample(topic), cases);
    }
    return cases.stream();
  }

  private static void collect(Topic<?> topic, String pointer, JsonNode value, List<Case> cases) {
    if (value.isTextual() && !pointer.endsWith("/id")) {
      cases.add(new Case(topic, pointer));
    } else if (value.isArray()) {
      collect(topic, pointer + "/0", value.get(0), cases);
    }
    value
        .properties()
        .forEach(field -> collect(topic, pointer + "/" + field.getKey(), field.getValue(), cases));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void recordAndSchemaTakeTheSameTexts(Case field) throws IOException {
    int taken = 0;
    for (String text : TEXTS) {
      boolean fits = isTaken(field, text);
      taken += fits ? 1 : 0;
    }
    assertThat(taken).as("some are taken, some are not").isBetween(1, TEXTS.size() - 1);
  }

  private static boolean isTaken(Case field, String text) throws IOException {
    byte[] bytes = with(field, text);
    boolean byRecord = EventJson.read(bytes, field.topic().event()) instanceof Reading.Good<?>;
    assertThat(SchemaTest.violations(field.topic(), bytes).isEmpty())
        .as("the schema takes %s of %s, as the record does", text, field)
        .isEqualTo(byRecord);
    return byRecord;
  }

  /**
   * What a forge says and is only shown is cut and mended, so that nothing is lost for it; what
   * would be another one if it were cut is refused or left out.
   */
  @ParameterizedTest
  @MethodSource("ownFields")
  void whatIsWrittenFitsTheSchemaWhateverTextItWasMadeOf(Case field) throws IOException {
    for (String text : TEXTS) {
      byte[] bytes = with(field, text);
      boolean isWord = field.pointer().equals("/kind"); // readers take what a later Cinch may write
      if (!isWord
          && EventJson.read(bytes, field.topic().event())
              instanceof Reading.Good<?>(Object event)) {
        byte[] written = EventJson.write(event);
        assertThat(SchemaTest.violations(field.topic(), written))
            .as("%s with %s", field, text)
            .isEmpty();
        if (SchemaTest.violations(field.topic(), bytes).isEmpty() && !text.isBlank()) {
          assertThat(at(JSON.readTree(written), field))
              .as("%s of %s is taken as it is", text, field)
              .endsWithIgnoringCase(at(JSON.readTree(bytes), field)); // a ref whole
        }
      }
    }
  }

  @Test
  void aRefMayHaveALineSeparatorInItAsInGit() {
    assertThat(PushEvent.objection("refs/heads/a\u2028b")).isEmpty();
    assertThat(PushEvent.objection("refs/heads/a\nb")).isPresent();
  }

  @Test
  void whatIsOnlyShownIsCutWithAMark() {
    PushEvent.Actor actor = new PushEvent.Actor("{6b47}", "Jo\n\u001b[31m" + "o".repeat(2_000));

    assertThat(actor.name()).startsWith("Jo \ufffd[31mooo").endsWith("oo…").hasSize(1_000);
  }

  @Test
  void ofTooManyWarningsTheLastCountsTheRest() {
    List<String> many = IntStream.range(0, 501).mapToObj(i -> "replaces " + i).toList();

    assertThat(Field.warnings(many))
        .hasSize(100)
        .startsWith("replaces 0")
        .endsWith("replaces 98", "and 402 more warnings");
  }

  /** Every text and every list of every event. */
  @ParameterizedTest
  @MethodSource("schemas")
  void everythingInASchemaHasABound(String file) throws IOException {
    JsonNode schema = schema(file);
    assertThat(unbounded("", schema)).isEmpty();
  }

  static Stream<String> schemas() {
    return Stream.concat(
        SchemaTest.topics().map(Topic::name),
        Stream.of("headers", "cinch.dead-letter.v1.headers", "runner-headers"));
  }

  private static List<String> unbounded(String path, JsonNode schema) {
    List<String> found = new ArrayList<>();
    String type = schema.path("type").toString();
    boolean isFixed =
        schema.has("enum")
            || schema.has("const")
            || List.of("uuid", "date-time").contains(schema.path("format").asText())
            || schema.path("pattern").asText().matches("\\^[^*+.]*\\$");
    boolean isShort =
        schema.has("maxLength")
            || (schema.has("anyOf")
                && StreamSupport.stream(schema.get("anyOf").spliterator(), false)
                    .allMatch(one -> one.has("maxLength")));
    if ((type.contains("string") && !isFixed && !isShort)
        || (type.contains("array") && !schema.has("maxItems"))) {
      found.add(path);
    }
    for (String inner : List.of("properties", "$defs")) {
      schema
          .path(inner)
          .properties()
          .forEach(one -> found.addAll(unbounded(path + "/" + one.getKey(), one.getValue())));
    }
    if (schema.has("items")) {
      found.addAll(unbounded(path + "/items", schema.get("items")));
    }
    return found;
  }

  @Test
  void halfASurrogateIsNoName() {
    assertThat(build("\"key\":\"a\\ud83d\""))
        .isEqualTo(
            new Reading.Bad<BuildState>("field 'key' contains a character that no name can have"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
  void aTimeThatNoDatabaseHasIsRefused(String time) {
    assertThat(build("\"occurredAt\":\"%s\"".formatted(time)))
        .isEqualTo(
            new Reading.Bad<BuildState>("field 'occurredAt' is outside the years 1970 to 9999"));
  }

  @Test
  void whatIsMoreThanAHundredDaysOldIsTooOld() {
    Instant came = Instant.parse("2026-11-29T12:00:00Z");
    Instant oldest = Instant.parse("2026-08-21T12:00:00Z");

    assertThat(Limits.tooOld("occurredAt", oldest, came)).isEmpty();
    assertThat(Limits.tooOld("occurredAt", oldest.minusSeconds(1), came))
        .hasValue(
            "field 'occurredAt' is 2026-08-21T11:59:59Z, more than 100 days before it came: what is"
                + " so old is not known any more. Correct the sender's clock, or send it anew with"
                + " the present time");
  }

  /** What the words of the contract say. */
  @ParameterizedTest
  @ValueSource(strings = {"build-state", "release-request", "commit-status"})
  void theSchemasSayHowOldIsTooOld(String topic) throws IOException {
    try (var schema =
        Objects.requireNonNull(
            LimitsTest.class.getResourceAsStream(
                "/contract/cinch.%s.v1.schema.json".formatted(topic)))) {
      assertThat(new String(schema.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .contains("more than %d days".formatted(Limits.AGE.toDays()));
    }
  }

  @Test
  void hashesAreLowerCase() {
    assertThat(good(build("\"commit\":\"" + "B2".repeat(20) + "\"")).commit())
        .isEqualTo("b2".repeat(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"ref\":null", "\"ref\":\"\"", "\"ref\":\" \"", "\"later\":1"})
  void absentNullAndEmptyRefAreOne(String ref) {
    assertThat(good(build(ref)).ref()).isNull();
  }

  @Test
  void aRefWithoutRefsIsABranchs() {
    assertThat(good(build("\"ref\":\"main\"")).ref()).isEqualTo("refs/heads/main");
    assertThat(good(build("\"ref\":\"refs/tags/v1\"")).ref()).isEqualTo("refs/tags/v1");
  }

  private static BuildState good(Reading<BuildState> reading) {
    assertThat(reading).isInstanceOf(Reading.Good.class);
    return ((Reading.Good<BuildState>) reading).event();
  }

  /** The last of two fields of one name counts. */
  private static Reading<BuildState> build(String field) {
    return EventJson.read(
        """
        {"repository":{"id":"7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001"},"state":"running",
        "commit":"%s","occurredAt":"2026-11-23T15:00:00Z",%s}
        """
            .formatted("b2".repeat(20), field)
            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
        BuildState.class);
  }

  private static byte[] with(Case field, String text) throws IOException {
    JsonNode event = sample(field.topic());
    int slash = field.pointer().lastIndexOf('/');
    JsonNode parent = event.at(field.pointer().substring(0, slash));
    String last = field.pointer().substring(slash + 1);
    if (parent instanceof ArrayNode list) {
      list.set(Integer.parseInt(last), text);
    } else {
      ((ObjectNode) parent).put(last, text);
    }
    return JSON.writeValueAsBytes(event);
  }

  /** Empty where it was left out. */
  private static String at(JsonNode event, Case field) {
    return event.at(field.pointer()).asText("");
  }

  private static JsonNode schema(String name) throws IOException {
    try (var file =
        Objects.requireNonNull(
            LimitsTest.class.getResourceAsStream("/contract/%s.schema.json".formatted(name)))) {
      return JSON.readTree(file);
    }
  }

  private static ObjectNode sample(Topic<?> topic) throws IOException {
    Object event = Objects.requireNonNull(Samples.OF.get(topic)).getFirst();
    return (ObjectNode) JSON.readTree(EventJson.write(event));
  }
}
