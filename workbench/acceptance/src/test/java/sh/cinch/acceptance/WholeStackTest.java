package sh.cinch.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.cli.Main;
import sh.cinch.local.stack.Stack;

/** What people and programs do to a running Cinch, each seen from the other end. */
class WholeStackTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @TempDir private static Path home;
  private static Stack stack;
  private static Api api;
  private static Topics topics;
  private static Leaks leaks;

  private final String slug = "r" + UUID.randomUUID().toString().substring(0, 8);
  private final String fullName = "acme/" + slug;

  @BeforeAll
  static void start() {
    leaks = new Leaks();
    stack = TestStack.start(home);
    api = new Api(stack.addresses());
    topics = new Topics(stack.addresses().kafka());
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      leaks.search(stack.addresses(), api, topics);
    } finally {
      leaks.close();
      topics.close();
      stack.close();
    }
  }

  @Test
  void theCommandConnectsWithAPastedTokenAndPushesFlow() throws Exception {
    String token = api.repositoryToken(fullName, "repository", "webhook");
    JsonNode connected = connect(token);
    assertThat(connected.at("/webhook/managed").asBoolean()).isTrue();
    assertThat(connected.at("/credential/kind").asText()).isEqualTo("access-token");
    assertThat(id(connect(token))).as("connected again").isEqualTo(id(connected));

    JsonNode pushed =
        api.control(
            "POST",
            "/repositories/" + fullName + "/push",
            """
            {"changes":[{"ref":"refs/heads/main"},{"ref":"refs/tags/v1"}]}\
            """);
    assertThat(pushed.at("/deliveries/0/attempts/0/status").asInt()).isEqualTo(202);
    assertThat(topics.await("cinch.push.v1", 2, id(connected)))
        .extracting(record -> Api.JSON.readTree(record.value()).path("ref").asText())
        .containsExactly("refs/heads/main", "refs/tags/v1");
    assertThat(topics.await("cinch.connection.v1", 3, id(connected)))
        .extracting(record -> Api.JSON.readTree(record.value()).at("/hook/health").asText())
        .containsExactly("waiting", "waiting", "healthy");
  }

  @Test
  void oneTraceLeadsFromTheDeliveryToTheOutcome() throws Exception {
    JsonNode connected = connect(api.repositoryToken(fullName, "repository"));
    assertThat(connected.at("/webhook/managed").asBoolean()).isFalse();
    String body = push(connected, "b2".repeat(20));

    // The hook a person made by hand: bound by its first delivery with a good signature.
    HttpResponse<String> answer =
        deliver(connected, body, connected.at("/manualWebhook/secret").asText());
    assertThat(answer.statusCode()).isEqualTo(202);
    ConsumerRecord<byte[], byte[]> event =
        topics.await("cinch.push.v1", 1, id(connected)).getFirst();
    assertThat(header(event, "traceparent")).contains(TRACE);

    seed(body);
    report(connected, header(event, "traceparent"), "b2".repeat(20), "success");
    ConsumerRecord<byte[], byte[]> outcome =
        topics.await("cinch.outcome.v1", 1, id(connected)).getFirst();
    assertThat(header(outcome, "traceparent")).contains(TRACE);
    assertThat(Api.JSON.readTree(outcome.value()).path("outcome").asText()).isEqualTo("delivered");
  }

  @Test
  void whoCannotSignIsRefusedAndNothingIsPublished() throws Exception {
    JsonNode connected = connect(api.repositoryToken(fullName, "repository"));
    String body = push(connected, "b2".repeat(20));
    assertThat(deliver(connected, body, "not the secret").statusCode()).isEqualTo(401);
    assertThat(
            deliver(connected, body, connected.at("/manualWebhook/secret").asText()).statusCode())
        .isEqualTo(202);
    assertThat(topics.await("cinch.push.v1", 1, id(connected))).hasSize(1);
    assertThat(api.get("/repositories/" + id(connected) + "/deliveries").path("items").size())
        .isGreaterThanOrEqualTo(1);
  }

  @Test
  void aRunnerWithoutKafkaReportsOverHttp() throws Exception {
    JsonNode connected = connect(api.repositoryToken(fullName, "repository", "webhook"));
    String commit =
        api.control(
                "POST",
                "/repositories/" + fullName + "/push",
                "{\"changes\":[{\"ref\":\"refs/heads/main\"}]}")
            .at("/changes/0/new")
            .asText();
    assertThat(
            api.call(
                    "POST",
                    "/repositories/" + id(connected) + "/build-states",
                    """
                    {"commit":"%s","ref":"refs/heads/main","key":"unit","state":"failure",
                     "url":"https://ci.example.com/1","occurredAt":"%s"}\
                    """
                        .formatted(commit, Instant.now()))
                .statusCode())
        .isEqualTo(202);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        api.control("GET", "/repositories/" + fullName + "/statuses", "")
                            .at("/statuses/0/state")
                            .asText())
                    .isEqualTo("FAILED"));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        api.get("/repositories/" + id(connected) + "/statuses")
                            .at("/items/0/outcome/result")
                            .asText())
                    .isEqualTo("delivered"));
  }

  @Test
  void aTokenThatDiesIsToldAndItsReplacementKeepsTheConnection() throws Exception {
    JsonNode connected = connect(api.repositoryToken(fullName, "repository", "webhook"));
    String commit =
        api.control(
                "POST",
                "/repositories/" + fullName + "/push",
                "{\"changes\":[{\"ref\":\"refs/heads/main\"}]}")
            .at("/changes/0/new")
            .asText();
    api.control("DELETE", "/repositories/" + fullName + "/tokens", "");
    report(connected, "00-" + TRACE + "-b7ad6b7169203331-01", commit, "success");

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              JsonNode credential = api.get("/repositories/" + id(connected)).path("credential");
              assertThat(credential.path("state").asText()).isEqualTo("needs-authorization");
              assertThat(credential.path("reason").asText()).contains("revoked");
            });
    assertThat(topics.await("cinch.credential.v1", 2, credentialOf(connected)))
        .extracting(record -> Api.JSON.readTree(record.value()).path("state").asText())
        .containsExactly("healthy", "needs-authorization");

    JsonNode again = connect(api.repositoryToken(fullName, "repository", "webhook"));
    assertThat(id(again)).isEqualTo(id(connected));
    assertThat(again.at("/credential/state").asText()).isEqualTo("healthy");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(
                        api.control("GET", "/repositories/" + fullName + "/statuses", "")
                            .at("/statuses/0/state")
                            .asText())
                    .as("the status that waited")
                    .isEqualTo("SUCCESSFUL"));
  }

  @Test
  void whatCannotBeUsedIsADeadLetterAndHoldsUpNobody() throws Exception {
    JsonNode connected = connect(api.repositoryToken(fullName, "repository", "webhook"));
    byte[] key = (id(connected) + ":x").getBytes(UTF_8);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.addresses().kafka()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (String bad :
          new String[] {
            "not json",
            "{\"commit\":\"" + "b2".repeat(20) + "\"}",
            "{\"repository\":{\"id\":\"%s\"},\"commit\":\"%s\",\"state\":\"passed\",\"occurredAt\":\"%s\"}"
                .formatted(id(connected), "b2".repeat(20), Instant.now()),
            "{\"repository\":{\"id\":\"%s\"},\"commit\":\"%s\",\"state\":\"success\",\"occurredAt\":\"%s\"}"
                .formatted(UUID.randomUUID(), "b2".repeat(20), Instant.now())
          }) {
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>("cinch.build-state.v1", key, bad.getBytes(UTF_8));
        record.headers().add("mine", "kept".getBytes(UTF_8));
        producer.send(record).get();
      }
    }
    assertThat(topics.await("cinch.dead-letter.v1", 4, new String(key, UTF_8)))
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

  private JsonNode connect(String token) throws Exception {
    StringWriter out = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(System.err, true, UTF_8),
            "repo",
            "add",
            "--forge",
            "bitbucket",
            "--repo",
            fullName,
            "--token",
            token,
            "--json",
            "--stack",
            home.resolve("stack.json").toString());
    assertThat(code).isZero();
    return Api.JSON.readTree(out.toString());
  }

  /** A commit the simulator does not know yet, so that its status can be written. */
  private void seed(String body) throws Exception {
    JsonNode change = Api.JSON.readTree(body).at("/push/changes/0/new");
    api.control(
        "POST",
        "/repositories/" + fullName + "/push",
        "{\"changes\":[{\"ref\":\"refs/heads/main\",\"to\":\"%s\"}]}"
            .formatted(change.at("/target/hash").asText()));
  }

  private static String push(JsonNode connected, String commit) {
    return """
    {"push":{"changes":[{"old":null,"new":{"type":"branch","name":"main","target":
     {"type":"commit","hash":"%s","message":"Fix\\n","author":{"raw":"Jo <jo@example.com>"}}},
     "created":true,"closed":false,"forced":false,"truncated":false,"commits":[]}]},
     "repository":{"type":"repository","uuid":"%s","full_name":"%s"},"actor":{"type":"user"}}\
    """
        .formatted(commit, connected.path("uuid").asText(), connected.path("fullName").asText());
  }

  private static HttpResponse<String> deliver(JsonNode connected, String body, String secret)
      throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(connected.at("/webhook/url").asText()))
                .header("Content-Type", "application/json")
                .header("X-Event-Key", "repo:push")
                .header("X-Hook-UUID", hookUuid(connected))
                .header("X-Request-UUID", UUID.randomUUID().toString())
                .header("X-Attempt-Number", "1")
                .header(
                    "X-Hub-Signature",
                    "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8))))
                .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** Always the same for one repository, as a hook's is. */
  private static String hookUuid(JsonNode connected) {
    return UUID.nameUUIDFromBytes(id(connected).getBytes(UTF_8)).toString();
  }

  private void report(JsonNode connected, String traceparent, String commit, String state)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.addresses().kafka()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              "cinch.build-state.v1",
              (id(connected) + ":" + commit).getBytes(UTF_8),
              "{\"repository\":{\"id\":\"%s\"},\"commit\":\"%s\",\"state\":\"%s\",\"url\":\"https://ci.example.com/1\",\"occurredAt\":\"%s\"}"
                  .formatted(id(connected), commit, state, Instant.now())
                  .getBytes(UTF_8));
      record.headers().add("traceparent", traceparent.getBytes(UTF_8));
      producer.send(record).get();
    }
  }

  private static String credentialOf(JsonNode connected) {
    return connected.at("/credential/id").asText();
  }

  private static String id(JsonNode connected) {
    return connected.path("id").asText();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> new String(header.value(), UTF_8))
        .orElse("");
  }
}
