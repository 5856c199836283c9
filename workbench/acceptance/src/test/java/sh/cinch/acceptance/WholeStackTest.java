package sh.cinch.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.cli.Main;
import sh.cinch.local.stack.Stack;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.Leaks;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TopicReader;
import sh.cinch.testkit.TopicWriter;
import sh.cinch.testkit.WebhookDelivery;

/** What people and programs do to a running Cinch, each seen from the other end. */
class WholeStackTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @TempDir private static Path home;
  private static Stack stack;
  private static Api api;
  private static SimulatedBitbucket bitbucket;
  private static TopicReader topics;
  private static TopicWriter writer;
  private static Leaks leaks;

  private final String slug = "r" + UUID.randomUUID().toString().substring(0, 8);
  private final String fullName = "acme/" + slug;

  @BeforeAll
  static void start() {
    leaks = new Leaks();
    stack = TestStack.start(home);
    api = new Api(stack.addresses());
    bitbucket = SimulatedBitbucket.at(stack.addresses().simulator().orElseThrow());
    topics = new TopicReader(stack.addresses().kafka(), Topic.ALL);
    writer = new TopicWriter(stack.addresses().kafka());
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      api.answers().forEach(answer -> leaks.answered("answers", answer));
      leaks.search(bitbucket.issued(), stack.addresses().database(), topics.records());
    } finally {
      leaks.close();
      topics.close();
      writer.close();
      stack.close();
    }
  }

  @Test
  void theCommandConnectsWithAPastedTokenAndPushesFlow() throws Exception {
    String token = repositoryToken("repository", "webhook");
    JsonNode connected = connect(token);
    assertThat(connected.at("/webhook/managed").asBoolean()).isTrue();
    assertThat(connected.at("/credential/kind").asText()).isEqualTo("access-token");
    assertThat(id(connect(token))).as("connected again").isEqualTo(id(connected));

    JsonObject pushed =
        bitbucket.push(
            fullName, List.of(Map.of("ref", "refs/heads/main"), Map.of("ref", "refs/tags/v1")));
    assertThat(
            pushed
                .getJsonArray("deliveries")
                .getJsonObject(0)
                .getJsonArray("attempts")
                .getJsonObject(0)
                .getInteger("status"))
        .isEqualTo(202);
    assertThat(await(Topic.PUSH, 2, id(connected)))
        .extracting(record -> Api.JSON.readTree(record.value()).path("ref").asText())
        .containsExactly("refs/heads/main", "refs/tags/v1");
    assertThat(await(Topic.CONNECTION, 3, id(connected)))
        .extracting(record -> Api.JSON.readTree(record.value()).at("/hook/health").asText())
        .containsExactly("waiting", "waiting", "healthy");
  }

  @Test
  void oneTraceLeadsFromTheDeliveryToTheOutcome() throws Exception {
    JsonNode connected = connect(repositoryToken("repository"));
    assertThat(connected.at("/webhook/managed").asBoolean()).isFalse();
    byte[] body = push(connected, "b2".repeat(20));

    // The hook a person made by hand: bound by its first delivery with a good signature.
    HttpResponse<String> answer =
        deliver(connected, body, connected.at("/manualWebhook/secret").asText());
    assertThat(answer.statusCode()).isEqualTo(202);
    ConsumerRecord<byte[], byte[]> event = await(Topic.PUSH, 1, id(connected)).getFirst();
    assertThat(header(event, "traceparent")).contains(TRACE);

    // A commit the simulator does not know yet, so that its status can be written.
    bitbucket.push(fullName, "refs/heads/main", "b2".repeat(20));
    report(connected, header(event, "traceparent"), "b2".repeat(20), "success");
    ConsumerRecord<byte[], byte[]> outcome = await(Topic.OUTCOME, 1, id(connected)).getFirst();
    assertThat(header(outcome, "traceparent")).contains(TRACE);
    assertThat(Api.JSON.readTree(outcome.value()).path("outcome").asText()).isEqualTo("delivered");
  }

  @Test
  void whoCannotSignIsRefusedAndNothingIsPublished() throws Exception {
    JsonNode connected = connect(repositoryToken("repository"));
    byte[] body = push(connected, "b2".repeat(20));
    assertThat(deliver(connected, body, "not the secret").statusCode()).isEqualTo(401);
    assertThat(
            deliver(connected, body, connected.at("/manualWebhook/secret").asText()).statusCode())
        .isEqualTo(202);
    assertThat(await(Topic.PUSH, 1, id(connected))).hasSize(1);
    assertThat(api.get("/repositories/" + id(connected) + "/deliveries").path("items").size())
        .isGreaterThanOrEqualTo(1);
  }

  @Test
  void aRunnerWithoutKafkaReportsOverHttp() throws Exception {
    JsonNode connected = connect(repositoryToken("repository", "webhook"));
    String commit = bitbucket.push(fullName, "refs/heads/main");
    assertThat(
            api.call(
                    "POST",
                    "/repositories/" + id(connected) + "/build-states",
                    """
                    {"commit":"%s","ref":"refs/heads/main","key":"unit","state":"failure",
                     "url":"https://ci.example.com/1","occurredAt":"%s"}\
                    """
                        .formatted(commit, Instant.now()))
                .status())
        .isEqualTo(202);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(bitbucket.statuses(fullName, commit))
                    .extracting(status -> status.getString("state"))
                    .containsExactly("FAILED"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        api.get("/repositories/" + id(connected) + "/statuses")
                            .at("/items/0/outcome")
                            .asText())
                    .isEqualTo("delivered"));
  }

  @Test
  void aTokenThatDiesIsToldAndItsReplacementKeepsTheConnection() throws Exception {
    JsonNode connected = connect(repositoryToken("repository", "webhook"));
    String commit = bitbucket.push(fullName, "refs/heads/main");
    bitbucket.control("DELETE", "/repositories/" + fullName + "/tokens", new JsonObject());
    report(connected, "00-" + TRACE + "-b7ad6b7169203331-01", commit, "success");

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              JsonNode credential = api.get("/repositories/" + id(connected)).path("credential");
              assertThat(credential.path("state").asText()).isEqualTo("needs-authorization");
              assertThat(credential.path("reason").asText()).contains("revoked");
            });
    assertThat(await(Topic.CREDENTIAL, 2, credentialOf(connected)))
        .extracting(record -> Api.JSON.readTree(record.value()).path("state").asText())
        .containsExactly("healthy", "needs-authorization");

    JsonNode again = connect(repositoryToken("repository", "webhook"));
    assertThat(id(again)).isEqualTo(id(connected));
    assertThat(again.at("/credential/state").asText()).isEqualTo("healthy");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(bitbucket.statuses(fullName, commit))
                    .extracting(status -> status.getString("state"))
                    .as("the status that waited")
                    .containsExactly("SUCCESSFUL"));
  }

  @Test
  void whatCannotBeUsedIsADeadLetterAndHoldsUpNobody() throws Exception {
    JsonNode connected = connect(repositoryToken("repository", "webhook"));
    String key = id(connected) + ":x";
    for (String bad :
        new String[] {
          "not json",
          "{\"commit\":\"" + "b2".repeat(20) + "\"}",
          "{\"repository\":{\"id\":\"%s\"},\"commit\":\"%s\",\"state\":\"passed\",\"occurredAt\":\"%s\"}"
              .formatted(id(connected), "b2".repeat(20), Instant.now()),
          "{\"repository\":{\"id\":\"%s\"},\"commit\":\"%s\",\"state\":\"success\",\"occurredAt\":\"%s\"}"
              .formatted(UUID.randomUUID(), "b2".repeat(20), Instant.now())
        }) {
      writer.write(Topic.BUILD_STATE, key, bad.getBytes(UTF_8), Map.of("mine", "kept"));
    }
    assertThat(await(Topic.DEAD_LETTER, 4, key))
        .allSatisfy(
            letter -> {
              assertThat(header(letter, "mine")).isEqualTo("kept");
              assertThat(header(letter, "cinch-dlq-topic")).isEqualTo("cinch.build-state.v1");
              assertThat(header(letter, "cinch-dlq-consumer")).isEqualTo("status-worker");
            })
        .extracting(letter -> header(letter, "cinch-dlq-reason"))
        .satisfiesExactly(
            reason -> assertThat(reason).startsWith("not JSON"),
            reason -> assertThat(reason).contains("'repository' is missing"),
            reason -> assertThat(reason).contains("'passed'", "pending, running"),
            reason -> assertThat(reason).contains("cinch repo add"));
  }

  /** A name is what the forge says: never a payload's, and soon after the forge says so. */
  @Test
  void aRenamedWorkspaceIsFollowedAndKnownByBothNames() throws Exception {
    String before = "lab-" + slug + "/app";
    String renamed = "labs-" + slug + "/app";
    bitbucket.repository(before);
    String token = bitbucket.token(before, "repository", "webhook");
    JsonNode connected = Api.JSON.readTree(add(before, token, "--json"));
    String commit = bitbucket.push(before, "refs/heads/main");
    reportNamed(renamed, commit, "success");
    assertThat(header(await(Topic.DEAD_LETTER, 1, renamed).getFirst(), "cinch-dlq-reason"))
        .startsWith("unknown repository bitbucket-cloud " + renamed);

    bitbucket.rename(before, renamed, true);
    bitbucket.push(renamed, "refs/heads/other");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(topics.records(Topic.CONNECTION, id(connected)))
                    .extracting(
                        record -> Api.JSON.readTree(record.value()).at("/repository/fullName"))
                    .extracting(JsonNode::asText)
                    .endsWith(renamed));
    reportNamed(renamed, commit, "running");
    awaitWrites(renamed, commit, "INPROGRESS");
    reportNamed(before, commit, "success");
    awaitWrites(renamed, commit, "INPROGRESS", "SUCCESSFUL");

    assertThat(add(before, token))
        .contains(
            "Connected " + renamed,
            "%s is called %s by now; both names are understood.".formatted(before, renamed));
  }

  private static void awaitWrites(String repository, String commit, String... states) {
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(bitbucket.writes(repository, commit)).containsExactly(states));
  }

  private static void reportNamed(String fullName, String commit, String state) {
    writer.write(
        Topic.BUILD_STATE,
        fullName,
        """
        {"repository":{"forge":"bitbucket-cloud","fullName":"%s"},"commit":"%s","state":"%s",
         "occurredAt":"%s"}\
        """
            .formatted(fullName, commit, state, Instant.now())
            .getBytes(UTF_8),
        Map.of());
  }

  private JsonNode connect(String token) throws Exception {
    return Api.JSON.readTree(add(fullName, token, "--json"));
  }

  /** What the command prints. */
  private static String add(String repository, String token, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("repo", "add", "--forge", "bitbucket", "--repo", repository, "--token", token));
    arguments.addAll(List.of("--stack", home.resolve("stack.json").toString()));
    arguments.addAll(List.of(more));
    StringWriter out = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(System.err, true, UTF_8),
            arguments.toArray(String[]::new));
    assertThat(code).isZero();
    return out.toString();
  }

  private static byte[] push(JsonNode connected, String commit) {
    return PushBody.of(
        connected.path("uuid").asText(),
        connected.path("fullName").asText(),
        PushBody.Change.branch("main", null, commit));
  }

  private static HttpResponse<String> deliver(JsonNode connected, byte[] body, String secret) {
    return WebhookDelivery.push(
            URI.create(connected.at("/webhook/url").asText()), hookUuid(connected), body)
        .signed(secret)
        .with("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
        .send();
  }

  /** Always the same for one repository, as a hook's is. */
  private static String hookUuid(JsonNode connected) {
    return UUID.nameUUIDFromBytes(id(connected).getBytes(UTF_8)).toString();
  }

  private static void report(JsonNode connected, String traceparent, String commit, String state) {
    writer.write(
        Topic.BUILD_STATE,
        id(connected) + ":" + commit,
        "{\"repository\":{\"id\":\"%s\"},\"commit\":\"%s\",\"state\":\"%s\",\"url\":\"https://ci.example.com/1\",\"occurredAt\":\"%s\"}"
            .formatted(id(connected), commit, state, Instant.now())
            .getBytes(UTF_8),
        Map.of("traceparent", traceparent));
  }

  /** A new token of the repository, as its owner makes it. */
  private String repositoryToken(String... scopes) {
    bitbucket.repository(fullName);
    return bitbucket.token(fullName, scopes);
  }

  /** The records of one key, once there are so many of them. */
  private static List<ConsumerRecord<byte[], byte[]>> await(Topic<?> topic, int count, String key) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> topics.records(topic, key), records -> records.size() >= count);
  }

  private static String credentialOf(JsonNode connected) {
    return connected.at("/credential/id").asText();
  }

  private static String id(JsonNode connected) {
    return connected.path("id").asText();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return TopicReader.header(record, name).orElse("");
  }
}
