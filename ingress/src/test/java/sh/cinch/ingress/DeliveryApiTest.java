package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.OnOtherStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.ShiftedClock;

/** The log of deliveries: found, looked into, replayed, simulated. */
@OnOtherStack
class DeliveryApiTest {

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();
  private final String id;
  private final String list;

  DeliveryApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    stack.bitbucket().repository(name);
    this.id = stack.connect(name);
    this.list = "/repositories/" + id + "/deliveries";
  }

  @Test
  void deliveriesAreFoundByRefOutcomeAndTime() {
    stack.bitbucket().push(name, "refs/heads/main");
    stack.bitbucket().push(name, "refs/heads/topic");
    List<JsonObject> all = deliveries(2);
    String topic = all.getFirst().getString("id");
    String main = all.getLast().getString("id");

    assertThat(ids(list + "?ref=refs/heads/main")).containsExactly(main);
    assertThat(ids(list + "?ref=topic")).containsExactly(topic);
    assertThat(ids(list + "?ref=other")).isEmpty();
    assertThat(ids(list + "?outcome=published")).containsExactly(topic, main);
    assertThat(ids(list + "?outcome=no-room")).isEmpty();
    String second = all.getFirst().getString("receivedAt");
    assertThat(ids(list + "?after=" + second)).containsExactly(topic);
    assertThat(ids(list + "?before=" + second)).containsExactly(main);
    assertThat(ids("/deliveries?repository=" + name + "&ref=topic")).containsExactly(topic);
    assertThat(operator.get("/deliveries").status()).isEqualTo(400);
    assertThat(operator.get(list + "?after=yesterday").status()).isEqualTo(400);
  }

  @Test
  void pagesOfAFilterMissNothing() {
    for (int i = 0; i < 3; i++) {
      stack.bitbucket().push(name, "refs/heads/main");
      stack.bitbucket().push(name, "refs/heads/topic");
    }
    deliveries(6);

    JsonObject first = operator.get(list + "?ref=main&limit=2").json();
    JsonObject last =
        operator.get(list + "?ref=main&limit=2&cursor=" + first.getString("next")).json();

    assertThat(items(first)).hasSize(2);
    assertThat(items(last)).hasSize(1);
    assertThat(last.getString("next")).isNull();
    assertThat(items(first)).doesNotContainAnyElementsOf(items(last));
  }

  @Test
  void oneShowsItsHeadersItsEventsAndWhetherItsBodyIsKept() {
    stack.bitbucket().push(name, "refs/heads/main");
    String one = "/deliveries/" + deliveries(1).getFirst().getString("id");
    await()
        .until(
            () -> {
              JsonObject shown = operator.get(one).json();
              return shown.containsKey("bodyBytes") && !shown.getJsonArray("pushes").isEmpty();
            });

    JsonObject shown = operator.get(one).json();

    assertThat(shown.getJsonArray("refs")).containsExactly("refs/heads/main");
    assertThat(shown.getBoolean("test")).isFalse();
    assertThat(shown.getJsonArray("headers").stream().map(JsonObject.class::cast))
        .extracting(header -> header.getString("name"))
        .contains("X-Event-Key", "X-Request-UUID", "User-Agent")
        .doesNotContain("X-Hub-Signature");
    Reply body = operator.get(one + "/body");
    assertThat(body.status()).isEqualTo(200);
    assertThat(body.header("content-type")).isEqualTo("application/json");
    assertThat(body.header("content-disposition")).startsWith("attachment; filename=\"delivery-");
    assertThat(body.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(body.body()).hasSize(shown.getInteger("bodyBytes"));
    assertThat(body.json().getJsonObject("repository").getString("full_name")).isEqualTo(name);
  }

  @Test
  void aBodyIsForAdministratorsAndOtherRepositoriesAreNotTold() {
    stack.bitbucket().push(name, "refs/heads/main");
    String one = "/deliveries/" + deliveries(1).getFirst().getString("id");
    await().until(() -> operator.get(one).json().containsKey("bodyBytes"));
    String other = "acme/" + Stack.slug();
    stack.bitbucket().repository(other);
    Api runner = stack.runner(id);
    Api stranger = stack.runner(stack.connect(other));

    assertThat(runner.get(one).status()).isEqualTo(200);
    assertThat(runner.get(one + "/body").status()).isEqualTo(403);
    assertThat(runner.post(one + "/replay", new JsonObject()).status()).isEqualTo(403);
    assertThat(stranger.get(one).status()).isEqualTo(404);
    assertThat(stranger.get("/deliveries?repository=" + name).status()).isEqualTo(404);
    assertThat(stack.anonymous().get(one + "/body").status()).isEqualTo(401);
  }

  @Test
  void aReplayIsTheSamePushInAllThatIsShown() {
    stack.bitbucket().push(name, "refs/heads/main");
    String one = "/deliveries/" + deliveries(1).getFirst().getString("id");
    await().until(() -> operator.get(one).json().containsKey("bodyBytes"));
    await().until(() -> !operator.get(one).json().getJsonArray("pushes").isEmpty());
    JsonArray pushes = operator.get(one).json().getJsonArray("pushes");

    Reply replayed = operator.send("POST", one + "/replay", "");

    assertThat(replayed.status()).isEqualTo(200);
    assertThat(replayed.json().getMap())
        .contains(
            entry("outcome", "replayed"),
            entry("askedBy", "operator"),
            entry("replayOf", one.substring("/deliveries/".length())),
            entry("events", 1));
    List<Incoming> records = stack.records(Topic.PUSH, id);
    assertThat(records)
        .hasSize(2)
        .extracting(Incoming::eventId)
        .containsOnly(pushes.getJsonObject(0).getString("id"));
    assertThat(records.getLast().isReplay()).isTrue();

    operator.post(one + "/replay", new JsonObject().put("again", true));
    await()
        .until(
            () ->
                stack
                        .operator()
                        .get("/deliveries/" + deliveries(3).getFirst().getString("id"))
                        .json()
                        .getJsonArray("pushes")
                        .size()
                    == 1);
    assertThat(operator.get(one).json().getJsonArray("pushes"))
        .as("a replay changes nothing of it")
        .isEqualTo(pushes);
    assertThat(
            operator
                .get("/deliveries/" + replayed.json().getString("id"))
                .json()
                .getJsonArray("pushes"))
        .isEqualTo(pushes);
    JsonObject again =
        new JsonObject(Buffer.buffer(stack.records(Topic.PUSH, id).getLast().value()));
    assertThat(again.getString("replayOf")).isEqualTo(pushes.getJsonObject(0).getString("id"));
  }

  @Test
  void ofADisconnectedRepositoryNothingIsReplayedOrSimulated() {
    stack.bitbucket().push(name, "refs/heads/main");
    String one = "/deliveries/" + deliveries(1).getFirst().getString("id");
    await().until(() -> operator.get(one).json().containsKey("bodyBytes"));
    operator.delete("/repositories/" + id);

    assertThat(operator.send("POST", one + "/replay", "").status()).isEqualTo(409);
    assertThat(simulate().status()).isEqualTo(409);
    assertThat(stack.records(Topic.PUSH, id)).hasSize(1);
  }

  @Test
  void aSimulatedPushIsOfTheDefaultBranchsHeadAndSaysThatItIsATest() {
    String head = stack.bitbucket().push(name, "refs/heads/main");
    deliveries(1);

    Reply simulated = simulate();

    assertThat(simulated.status()).isEqualTo(200);
    assertThat(simulated.json().getMap())
        .contains(
            entry("test", true),
            entry("askedBy", "operator"),
            entry("outcome", "published"),
            entry("events", 1));
    JsonObject event =
        new JsonObject(Buffer.buffer(stack.records(Topic.PUSH, id).getLast().value()));
    assertThat(event.getMap())
        .contains(
            entry("test", true),
            entry("ref", "refs/heads/main"),
            entry("change", "updated"),
            entry("old", head),
            entry("new", head),
            entry("commit", head),
            entry("deliveryId", simulated.json().getString("id")));
    assertThat(
            operator
                .send("POST", "/deliveries/" + simulated.json().getString("id") + "/replay", "")
                .status())
        .isEqualTo(409);
  }

  @Test
  void aDeliveryFromOutsideIsNoTestWhateverItSays() {
    stack.bitbucket().repository(name);
    JsonObject uuid = stack.bitbucket().repository(name);
    JsonObject target = new JsonObject().put("hash", "a1".repeat(20));
    JsonObject change =
        new JsonObject()
            .put(
                "new",
                new JsonObject().put("type", "branch").put("name", "main").put("target", target))
            .put("test", true);
    stack
        .bitbucket()
        .deliver(
            name,
            new JsonObject()
                .put("test", true)
                .put(
                    "push",
                    new JsonObject().put("test", true).put("changes", new JsonArray().add(change)))
                .put("repository", new JsonObject().put("uuid", uuid.getString("uuid"))));

    assertThat(deliveries(1).getFirst().getBoolean("test")).isFalse();
    JsonObject event =
        new JsonObject(Buffer.buffer(stack.records(Topic.PUSH, id).getLast().value()));
    assertThat(event.getBoolean("test")).isFalse();
  }

  @Test
  void fivePushesAnHourAreSimulatedByAllInstancesTogether() {
    stack.bitbucket().push(name, "refs/heads/main");
    ShiftedClock clock = new ShiftedClock();
    try (RunningService another = stack.another(stack.artifacts(), clock)) {
      Api there = stack.operator(another.port());
      for (int i = 0; i < 5; i++) {
        Api one = i % 2 == 0 ? operator : there;
        assertThat(one.send("POST", simulation(), "").status()).as("the %d.", i + 1).isEqualTo(200);
      }

      Reply sixth = there.send("POST", simulation(), "");

      assertThat(sixth.status()).isEqualTo(429);
      assertThat(sixth.json().getString("detail")).contains("5 simulated pushes an hour");
      assertThat(Integer.parseInt(sixth.header("retry-after"))).isBetween(3_000, 3_700);
      clock.advance(Duration.ofMinutes(61));
      assertThat(there.send("POST", simulation(), "").status()).as("an hour later").isEqualTo(200);
    }
    assertThat(stack.records(Topic.PUSH, id)).hasSize(7);
  }

  @Test
  void whereNothingWasPushedNothingIsSimulated() {
    Reply simulated = simulate();

    assertThat(simulated.status()).isEqualTo(409);
    assertThat(simulated.json().getString("detail")).contains("push one first");
  }

  @Test
  void whereBitbucketDoesNotAnswerNothingIsSimulated() {
    stack.bitbucket().push(name, "refs/heads/main");
    stack
        .bitbucket()
        .fault(
            Map.of("method", "GET", "path", "*/refs/branches/*", "kind", "status", "status", 503));
    try {
      assertThat(simulate().status()).isEqualTo(503);
    } finally {
      stack.bitbucket().mend();
    }
    assertThat(stack.records(Topic.PUSH, id)).hasSize(1);
  }

  private Reply simulate() {
    return operator.send("POST", simulation(), "");
  }

  private String simulation() {
    return "/repositories/" + id + "/webhook/simulate";
  }

  private List<String> ids(String address) {
    return items(operator.get(address).json()).stream().map(one -> one.getString("id")).toList();
  }

  private List<JsonObject> deliveries(int count) {
    return await().until(() -> items(operator.get(list).json()), items -> items.size() == count);
  }

  private static List<JsonObject> items(JsonObject page) {
    return page.getJsonArray("items").stream().map(JsonObject.class::cast).toList();
  }
}
