package sh.cinch.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.PUSH_CONSUMER;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;

@OnStack
class PushApiTest {

  private final Stack stack;
  private final String name = "acme/" + Stack.slug();
  private final String id;
  private final Api runner;

  PushApiTest(Stack stack) {
    this.stack = stack;
    this.id = connect(name);
    this.runner = stack.runner(id);
  }

  @Test
  void aRunnerGetsThePushesOfItsRepositoriesAsTheyAreOnTheTopic() {
    String other = "acme/" + Stack.slug();
    connect(other);
    String next = next(runner.get("/pushes"));
    stack.bitbucket().push(other);
    stack.bitbucket().push(name);
    stack.bitbucket().push(name, "refs/heads/second");

    List<JsonObject> items = new ArrayList<>();
    while (items.size() < 2) {
      Reply reply = runner.get("/pushes?wait=50&after=" + next);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("cache-control")).isEqualTo("no-store");
      items.addAll(items(reply));
      next = next(reply);
    }

    List<Incoming> records = stack.records(Topic.PUSH, id);
    assertThat(items)
        .containsExactlyElementsOf(
            records.stream()
                .map(
                    record ->
                        new JsonObject()
                            .put("id", record.eventId())
                            .put("time", record.header("ce_time").orElseThrow())
                            .put("type", "sh.cinch.push")
                            .put("data", new JsonObject(new String(record.value(), UTF_8))))
                .toList());
    assertThat(items(runner.get("/pushes?after=" + next))).isEmpty();
  }

  @Test
  void aPushEndsTheWait() throws Exception {
    String next = next(runner.get("/pushes"));
    Future<Reply> waiting = get(runner, "/pushes?wait=60&after=" + next);

    stack.bitbucket().push(name);

    assertThat(items(waiting.get())).hasSize(1);
  }

  @Test
  void whatIsOutOfTheDocumentIsRefused() {
    for (String query :
        List.of(
            "wait=61",
            "wait=-1",
            "wait=x",
            "limit=201",
            "after=!",
            "after=cHVzaGVz",
            "consumer=-a",
            "consumer=a%20b",
            "consumer=" + "a".repeat(65),
            "consumer=a&after=cHVzaGVz")) {
      Reply refused = runner.get("/pushes?" + query);
      assertThat(refused.status()).as(query).isEqualTo(400);
      assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
    }
  }

  @Test
  void aTokenHasFourCallsOpenAndWhoGoesMakesRoom() throws Exception {
    String token = runner.token().orElseThrow();
    List<Socket> open = new ArrayList<>();
    try {
      IntStream.range(0, 4).forEach(i -> open.add(call(token)));
      await().until(() -> runner.get("/pushes").status() == 429);
      Reply refused = runner.get("/pushes");
      assertThat(refused.header("retry-after")).isEqualTo("5");
      assertThat(refused.json().getString("title")).isEqualTo("Too many open calls");
      assertThat(stack.operator().get("/pushes").status()).isEqualTo(200);

      open.removeFirst().close();

      await().until(() -> runner.get("/pushes").status() == 200);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void aTokenThatIsRevokedEndsItsWaitAndItsConsumers() throws Exception {
    JsonObject made =
        stack
            .operator()
            .post(
                "/tokens",
                new JsonObject().put("kind", "runner").put("repositories", new JsonArray().add(id)))
            .json();
    String token = made.getString("token");
    stack.log().hide(token);
    Api revoked = stack.with(token);
    String next = next(revoked.get("/pushes?consumer=builds"));
    Future<Reply> waiting = get(revoked, "/pushes?wait=60&consumer=builds&after=" + next);

    assertThat(stack.operator().delete("/tokens/" + made.getString("id")).status()).isEqualTo(204);
    stack.bitbucket().push(name);

    assertThat(waiting.get().status()).isEqualTo(401);
    assertThat(
            stack
                .context()
                .database()
                .sql()
                .fetchCount(PUSH_CONSUMER, PUSH_CONSUMER.TOKEN_HASH.eq(DigestUtils.sha256(token))))
        .isZero();
  }

  @Test
  void aRepositoryThatIsConnectedAgainIsThereAgain() {
    String next = next(runner.get("/pushes?consumer=builds"));
    assertThat(stack.operator().delete("/repositories/" + id).status()).isEqualTo(200);
    assertThat(items(runner.get("/pushes?consumer=builds&after=" + next))).isEmpty();

    assertThat(connect(name)).isEqualTo(id);
    stack.bitbucket().push(name);

    assertThat(items(runner.get("/pushes?consumer=builds&wait=50"))).hasSize(1);
  }

  @Test
  void anInstanceThatStopsAnswersWhoWaits() throws Exception {
    Future<Reply> waiting;
    try (RunningService another = stack.another()) {
      Api there =
          new Api(URI.create("http://localhost:" + another.port()), runner.token(), stack.log());
      String next = next(there.get("/pushes"));
      waiting = get(there, "/pushes?wait=60&after=" + next);
      await().until(() -> openCalls(another) == 1);
    }

    assertThat(items(waiting.get())).isEmpty();
    assertThat(items(runner.get("/pushes?after=" + next(waiting.get())))).isEmpty();
  }

  /** One instance is asked after the other: what one gave the other knows. */
  @Test
  void aConsumerIsTheSameInAllInstances() {
    try (RunningService another = stack.another()) {
      Api there =
          new Api(URI.create("http://localhost:" + another.port()), runner.token(), stack.log());
      next(there.get("/pushes?consumer=builds"));
      stack.bitbucket().push(name);
      Reply given = runner.get("/pushes?consumer=builds&wait=50");
      assertThat(items(given)).hasSize(1);

      assertThat(items(there.get("/pushes?consumer=builds"))).isEmpty();
      stack.bitbucket().push(name, "refs/heads/second");
      Reply second = there.get("/pushes?consumer=builds&wait=50&after=" + next(given));

      assertThat(items(second))
          .extracting(item -> item.getJsonObject("data").getString("ref"))
          .containsExactly("refs/heads/second");
    }
  }

  @Test
  void aPersonReadsWhatTheySeeAndHasNoConsumers() {
    String person = Stack.slug();
    stack.bitbucket().person(person, name, "read");
    Browser browser = stack.browser();
    browser.signIn(person);
    String next = new JsonObject(browser.get("/api/v1/pushes").body()).getString("next");
    String other = "other/" + Stack.slug();
    connect(other);
    stack.bitbucket().push(other);
    stack.bitbucket().push(name);

    assertThat(items(browser.get("/api/v1/pushes?wait=50&after=" + next)))
        .extracting(item -> item.getJsonObject("data").getJsonObject("repository").getString("id"))
        .containsExactly(id);
    assertThat(browser.get("/api/v1/pushes?consumer=mine").status()).isEqualTo(403);
  }

  private static double openCalls(RunningService instance) {
    Reply metrics =
        Http.send(
            "GET",
            "http://localhost:%d/metrics".formatted(instance.managementPort()),
            Map.of(),
            "");
    return metrics
        .body()
        .lines()
        .filter(line -> line.startsWith("cinch_pushes_open "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  /** That waits until it is closed. */
  private Socket call(String token) {
    try {
      Socket socket = new Socket("localhost", stack.url().getPort());
      socket
          .getOutputStream()
          .write(
              "GET /api/v1/pushes?wait=60 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(token)
                  .getBytes(US_ASCII));
      return socket;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Future<Reply> get(Api api, String path) {
    return CompletableFuture.supplyAsync(
        () -> api.get(path), task -> Thread.ofVirtual().start(task));
  }

  private static String next(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().getString("next");
  }

  private static List<JsonObject> items(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
  }

  private String connect(String fullName) {
    stack.bitbucket().repository(fullName);
    return stack.connect(fullName);
  }
}
