package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.ReleaseEvents;
import sh.cinch.ingress.running.StatusEvents;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.Reply;

/** Deliveries that came in, statuses that went out, and the way from one to the other. */
@OnStack
class HistoryApiTest {

  private static final String LONGEST = "🗼".repeat(255);

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();
  private final String uuid;
  private final UUID id;

  HistoryApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    this.uuid = stack.bitbucket().repository(name).getString("uuid");
    this.id = UUID.fromString(stack.connect(name));
  }

  @Test
  void statusIsShownAsItStands() {
    StatusEvents unit = StatusEvents.of(id, "unit").ref("refs/heads/main");
    stack.write(
        unit.record(
            unit.event(7)
                .put("outcome", "waiting")
                .put("waitingFor", "rate-limit")
                .put("nextTryAt", "2026-11-23T15:05:00Z")
                .put("httpStatus", 429)
                .put("reason", "Bitbucket's limit is used up")
                .put("description", "412 passed")
                .put("url", "https://ci.example.com/412")
                .put("deliveryId", "d-1")
                .put("pushId", "p-1")
                .put("warnings", new JsonArray().add("The name was cut."))));

    assertThat(statuses(1).getFirst())
        .isEqualTo(
            new JsonObject(
                """
                {"repositoryId":"%s","commit":"%s","key":"unit","ref":"refs/heads/main","version":7,
                 "number":"412","name":"Unit tests","description":"412 passed",
                 "url":"https://ci.example.com/412","wanted":"success","since":"2026-11-23T15:00:00Z",
                 "shown":{"key":"unit","state":"SUCCESSFUL","at":"2026-11-23T15:00:01Z"},
                 "outcome":"waiting","waitingFor":"rate-limit","nextTryAt":"2026-11-23T15:05:00Z",
                 "httpStatus":429,"attempts":1,"reason":"Bitbucket's limit is used up",
                 "warnings":["The name was cut."],"deliveryId":"d-1","pushId":"p-1",
                 "causedBy":"report-7","updatedAt":"2026-11-23T15:00:07Z"}
                """
                    .formatted(id, StatusEvents.COMMIT)));
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    StatusEvents unit = StatusEvents.of(id, "unit");
    stack.write(unit.record(unit.event(1).putNull("shown").put("name", "a\0\ud800")));

    JsonObject status = statuses(1).getFirst();
    assertThat(status.fieldNames())
        .doesNotContain(
            "ref", "shown", "waitingFor", "nextTryAt", "reason", "deliveryId", "pushId");
    assertThat(status.getString("name")).isEqualTo("a\ufffd\ufffd");
  }

  @Test
  void statusesWithTheLongestNamesArePaged() {
    String ref = "refs/heads/" + "🗼".repeat(300 - 12);
    stack.write(StatusEvents.of(id, LONGEST).ref(ref + "a").stands(1));
    stack.write(StatusEvents.of(id, LONGEST).ref(ref + "b").stands(1));
    statuses(2);

    String list = "/repositories/" + id + "/statuses?limit=1";
    String next = operator.get(list).json().getString("next");
    Reply second = operator.get(list + "&cursor=" + next);

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().getJsonArray("items")).hasSize(1);
  }

  @Test
  void releasesWithTheLongestIdsArePaged() {
    for (String end : List.of("a", "b")) {
      stack.write(
          new ReleaseEvents(id, LONGEST.substring(2) + end, "v1")
              .stands(1, ReleaseEvent.State.SENDING, null));
    }
    String list = "/repositories/" + id + "/releases?limit=1";
    await().until(() -> operator.get(list).json().getString("next") != null);

    Reply second = operator.get(list + "&cursor=" + operator.get(list).json().getString("next"));

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().getJsonArray("items")).hasSize(1);
  }

  @Test
  void deliveryLeadsToItsPushesStatusesAndReleases() {
    stack
        .bitbucket()
        .push(
            name,
            List.of(
                Map.of("ref", "refs/heads/main"),
                Map.of("ref", "refs/tags/v1", "annotated", true)));
    stack.bitbucket().push(name);
    String deliveries = "/repositories/" + id + "/deliveries";
    await().until(() -> items(operator.get(deliveries).json(), "items").size() == 2);
    JsonObject first = items(operator.get(deliveries).json(), "items").getLast();
    String address = "/deliveries/" + first.getString("id");
    await().until(() -> items(operator.get(address).json(), "pushes").size() == 2);
    JsonObject main = push(address, "refs/heads/main");
    JsonObject tag = push(address, "refs/tags/v1");
    StatusEvents unit = new StatusEvents(id, main.getString("commit"), "unit", "refs/heads/main");
    stack.write(unit.record(unit.event(1).put("deliveryId", first.getString("id"))));
    StatusEvents lint = new StatusEvents(id, tag.getString("commit"), "lint", null);
    stack.write(lint.record(lint.event(2).put("pushId", tag.getString("id"))));
    stack.write(StatusEvents.of(id, "other").stands(3));
    statuses(3);
    String release = operator.post("/releases", release()).json().getString("id");

    JsonObject followed = operator.get(address).json();

    assertThat(main.getString("change")).isEqualTo("created");
    assertThat(items(followed, "statuses"))
        .containsExactly(
            new JsonObject()
                .put("commit", tag.getString("commit"))
                .put("key", "lint")
                .put("wanted", "success")
                .put("outcome", "delivered"),
            new JsonObject()
                .put("commit", main.getString("commit"))
                .put("key", "unit")
                .put("ref", "refs/heads/main")
                .put("wanted", "success")
                .put("outcome", "delivered"));
    assertThat(items(followed, "releases"))
        .containsExactly(
            new JsonObject().put("id", release).put("tag", "v1").put("state", "requested"));
    List.of("headers", "bodyBytes", "pushes", "statuses", "releases").forEach(followed::remove);
    assertThat(followed).isEqualTo(first);
  }

  @Test
  void deliverySaysWhatOfItCouldNotBeRead() {
    JsonObject target = new JsonObject().put("hash", "a1".repeat(20));
    JsonObject main =
        new JsonObject().put("type", "branch").put("name", "main").put("target", target);
    JsonArray changes =
        new JsonArray()
            .add(new JsonObject().put("closed", true))
            .add(new JsonObject().put("new", main));
    JsonObject push =
        new JsonObject()
            .put("push", new JsonObject().put("changes", changes))
            .put("repository", new JsonObject().put("uuid", uuid));

    assertThat(stack.bitbucket().deliver(name, push)).containsExactly(202);

    String deliveries = "/repositories/" + id + "/deliveries";
    await().until(() -> items(operator.get(deliveries).json(), "items").size() == 1);
    JsonObject listed = items(operator.get(deliveries).json(), "items").getFirst();
    assertThat(listed.getMap())
        .contains(
            entry("events", 1),
            entry(
                "reason",
                "1 of its changes could not be read: in push.changes[0], both old and new are"
                    + " missing"));
    assertThat(operator.get("/deliveries/" + listed.getString("id")).json().getString("reason"))
        .isEqualTo(listed.getString("reason"));
  }

  @Test
  void runnerTellsWhichPushItBuilt() {
    JsonObject state =
        new JsonObject()
            .put("commit", StatusEvents.COMMIT)
            .put("state", "running")
            .put("occurredAt", Instant.now().toString())
            .put("deliveryId", "d-1")
            .put("pushId", "p-1");

    operator.post("/repositories/" + id + "/build-states", state);

    assertThat(stack.records(Topic.BUILD_STATE, id + ":" + StatusEvents.COMMIT))
        .singleElement()
        .satisfies(
            record ->
                assertThat(new JsonObject(Buffer.buffer(record.value())).getMap())
                    .contains(entry("deliveryId", "d-1"), entry("pushId", "p-1")));
  }

  private JsonObject push(String address, String ref) {
    return items(operator.get(address).json(), "pushes").stream()
        .filter(push -> push.getString("ref").equals(ref))
        .findFirst()
        .orElseThrow();
  }

  private JsonObject release() {
    return new JsonObject()
        .put("repository", new JsonObject().put("id", id.toString()))
        .put("tag", "v1")
        .put(
            "files",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("name", "app")
                        .put("source", "https://runner.example/app")
                        .put("size", 3)
                        .put("sha256", "c".repeat(64))));
  }

  private List<JsonObject> statuses(int count) {
    return await()
        .until(
            () -> items(operator.get("/repositories/" + id + "/statuses").json(), "items"),
            items -> items.size() == count);
  }

  private static List<JsonObject> items(JsonObject of, String list) {
    return of.getJsonArray(list).stream().map(JsonObject.class::cast).toList();
  }
}
