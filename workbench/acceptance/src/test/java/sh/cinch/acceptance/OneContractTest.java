package sh.cinch.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.ingress.Role;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.testkit.ContractVariants;
import sh.cinch.testkit.ContractVariants.Reading;
import sh.cinch.testkit.ContractVariants.Variant;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TopicReader;
import sh.cinch.testkit.TopicWriter;

/**
 * Every variant of every field is read one way: by the JSON Schema, on Kafka, by the API and by the
 * API's document.
 */
@Execution(ExecutionMode.CONCURRENT)
class OneContractTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String NAME = "acme/app";
  private static final String TAG = "v1.4.0";

  @TempDir private static Path folder;
  private static final Running running = new Running();
  private static TopicWriter topics;
  private static TopicReader published;
  private static String url;
  private static ContractVariants variants;

  @BeforeAll
  static void start() {
    RoleStand stand = running.with(new RoleStand(folder));
    url = "http://localhost:" + running.with(stand.ingress(Role.ALL)).port() + "/api/v1";
    topics = running.with(new TopicWriter(stand.kafka()));
    published =
        running.with(
            new TopicReader(
                stand.kafka(),
                List.of(
                    Topic.CONNECTION,
                    Topic.BUILD_STATE,
                    Topic.RELEASE_REQUEST,
                    Topic.DEAD_LETTER)));
    SimulatedBitbucket bitbucket = stand.bitbucket();
    bitbucket.repository(NAME);
    String commit = bitbucket.tag(NAME, TAG);
    variants = new ContractVariants(connect(bitbucket), NAME, TAG, commit);
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  @Test
  void schemasReadThemSo() throws IOException {
    bySchema(contract(Topic.BUILD_STATE), variants.buildState(), variants.buildStates(), false);
    bySchema(
        contract(Topic.RELEASE_REQUEST),
        variants.releaseRequest(),
        variants.releaseRequests(),
        false);
  }

  @Test
  void theDocumentOfTheApiReadsThemSo() throws IOException {
    bySchema(document("BuildState"), variants.buildState(), variants.buildStates(), true);
    // A dry run needs no source, and the document has one description for both.
    bySchema(
        document("ReleaseRequest"),
        variants.releaseRequest(),
        variants.releaseRequests().stream().filter(OneContractTest::saysItsSource).toList(),
        true);
  }

  private static boolean saysItsSource(Variant variant) {
    return !variant.field().endsWith("/source")
        || variant.value().filter(value -> !value.isNull()).isPresent();
  }

  private static void bySchema(
      JsonSchema schema, ObjectNode event, List<Variant> table, boolean fillsIn) {
    soft(
        table,
        (variant, softly) ->
            softly
                .assertThat(
                    schema.validate(variant.in(event).toString(), InputFormat.JSON).isEmpty())
                .as("%s is taken", variant)
                .isEqualTo(isTaken(variant, fillsIn)));
  }

  @Test
  void recordsReadThemSo() {
    byRecord(variants.buildState(), variants.buildStates(), BuildState.class);
    byRecord(variants.releaseRequest(), variants.releaseRequests(), ReleaseRequest.class);
  }

  private static void byRecord(ObjectNode event, List<Variant> table, Class<?> type) {
    soft(
        table,
        (variant, softly) -> {
          byte[] bytes = variant.in(event).toString().getBytes(UTF_8);
          switch (EventJson.read(bytes, type)) {
            case EventJson.Reading.Good<?>(Object read) -> assertTaken(softly, variant, read);
            case EventJson.Reading.Bad<?>(String reason) ->
                assertRefused(softly, variant, reason, false);
          }
        });
  }

  private static void assertTaken(SoftAssertions softly, Variant variant, Object read) {
    assertTaken(softly, variant, tree(EventJson.write(read)), false);
  }

  /** A runner's record has no headers but those that it likes. */
  @Test
  void theStatusWorkerReadsThemSo() {
    String key = variants.repository() + ":" + variants.commit();
    Map<String, Variant> sent = new HashMap<>();
    for (Variant variant : variants.buildStates()) {
      byte[] value = variant.in(variants.buildState()).toString().getBytes(UTF_8);
      String id = "variant-" + sent.size();
      sent.put(id, variant);
      topics.write(Topic.BUILD_STATE, key, value, Map.of("ce_id", id));
    }
    topics.write(Topic.BUILD_STATE, key, "the last".getBytes(UTF_8), Map.of());
    await().atMost(SOON).until(() -> letters().stream().anyMatch(OneContractTest::isNameless));

    Map<String, String> reasons = new HashMap<>();
    letters().stream()
        .filter(letter -> !isNameless(letter))
        .forEach(
            letter ->
                reasons.put(
                    TopicReader.header(letter, "ce_id").orElseThrow(),
                    TopicReader.header(letter, "cinch-dlq-reason").orElseThrow()));
    SoftAssertions softly = new SoftAssertions();
    sent.forEach(
        (id, variant) ->
            Optional.ofNullable(reasons.get(id))
                .ifPresentOrElse(
                    reason -> assertRefused(softly, variant, reason, false),
                    () ->
                        softly
                            .assertThat(isTaken(variant, false))
                            .as("%s is no dead letter", variant)
                            .isTrue()));
    softly.assertAll();
  }

  private static List<ConsumerRecord<byte[], byte[]>> letters() {
    return published.records(Topic.DEAD_LETTER);
  }

  private static boolean isNameless(ConsumerRecord<byte[], byte[]> letter) {
    return TopicReader.header(letter, "ce_id").isEmpty();
  }

  @Test
  void theApiReadsBuildStatesSo() {
    byApi(
        "/repositories/" + variants.repository() + "/build-states",
        "eventId",
        Topic.BUILD_STATE,
        variants.buildState(),
        variants.buildStates());
  }

  @Test
  void theApiReadsReleaseRequestsSo() {
    byApi(
        "/releases",
        "id",
        Topic.RELEASE_REQUEST,
        variants.releaseRequest(),
        variants.releaseRequests());
  }

  private static void byApi(
      String path, String id, Topic<?> topic, ObjectNode event, List<Variant> table) {
    Map<String, Variant> taken = new HashMap<>();
    SoftAssertions softly = new SoftAssertions();
    for (Variant variant : table) {
      Reply reply = api("POST", path, variant.in(event).toString());
      if (reply.status() == 202) {
        taken.put(reply.json().getString(id), variant);
      } else {
        softly.assertThat(reply.status()).as("%s", variant).isIn(400, 422);
        assertRefused(softly, variant, reply.json().getString("detail"), true);
      }
    }
    Map<String, JsonNode> records = new HashMap<>();
    published
        .records(topic)
        .forEach(
            record ->
                TopicReader.header(record, "ce_id")
                    .ifPresent(name -> records.put(name, tree(record.value()))));
    taken.forEach(
        (name, variant) ->
            assertTaken(softly, variant, Objects.requireNonNull(records.get(name)), true));
    softly.assertAll();
  }

  /** The API's record has the id, by whichever name the repository was given. */
  private static void assertTaken(
      SoftAssertions softly, Variant variant, JsonNode event, boolean byApi) {
    softly.assertThat(isTaken(variant, byApi)).as("%s is taken", variant).isTrue();
    if (byApi) {
      softly.assertThat(event.at("/repository/id").asText()).isEqualTo(variants.repository());
    }
    if (variant.reading() instanceof Reading.Taken(Optional<JsonNode> as)
        && !(byApi && variant.field().equals("/repository"))) {
      softly
          .assertThat(Optional.of(event.at(variant.field())).filter(node -> !node.isMissingNode()))
          .as("%s in the event", variant)
          .usingComparator(OneContractTest::compareAsJson)
          .isEqualTo(as);
    }
  }

  private static int compareAsJson(Optional<JsonNode> one, Optional<JsonNode> other) {
    return String.valueOf(one).compareTo(String.valueOf(other));
  }

  private static void assertRefused(
      SoftAssertions softly, Variant variant, String reason, boolean byApi) {
    String words =
        switch (variant.reading()) {
          case Reading.Refused refused -> refused.words();
          case Reading.FilledIn filled when !byApi -> filled.words();
          case Reading.FilledIn filled -> "nothing: the API fills it in";
          case Reading.Taken taken -> "nothing: it is taken";
        };
    softly.assertThat(reason).as("what is said of %s", variant).contains(words);
  }

  private static boolean isTaken(Variant variant, boolean fillsIn) {
    return switch (variant.reading()) {
      case Reading.Taken taken -> true;
      case Reading.Refused refused -> false;
      case Reading.FilledIn filled -> fillsIn;
    };
  }

  private static void soft(List<Variant> table, BiConsumer<Variant, SoftAssertions> check) {
    SoftAssertions softly = new SoftAssertions();
    table.forEach(variant -> check.accept(variant, softly));
    softly.assertAll();
  }

  private static JsonSchema contract(Topic<?> topic) throws IOException {
    return schema(resource("/contract/%s.schema.json".formatted(topic.name())));
  }

  private static JsonSchema document(String name) throws IOException {
    return schema(resource("/openapi.json").at("/components/schemas/" + name));
  }

  private static JsonSchema schema(JsonNode schema) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(schema, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
  }

  private static JsonNode resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(OneContractTest.class.getResourceAsStream(name), name)) {
      return JSON.readTree(in);
    }
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** By the forge's short name. */
  private static String connect(SimulatedBitbucket bitbucket) {
    Reply reply =
        api(
            "POST",
            "/repositories",
            JSON.createObjectNode()
                .put("forge", "bitbucket")
                .put("fullName", NAME)
                .put("token", bitbucket.token(NAME, "repository", "webhook"))
                .toString());
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    String id = reply.json().getString("id");
    await().atMost(SOON).until(() -> !published.records(Topic.CONNECTION, id).isEmpty());
    return id;
  }

  private static Reply api(String method, String path, String body) {
    return Http.send(
        method,
        url + path,
        Map.of(
            "Authorization", "Bearer " + RoleStand.API_TOKEN, "Content-Type", "application/json"),
        body);
  }
}
