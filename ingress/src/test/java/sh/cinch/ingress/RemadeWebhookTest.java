package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnOtherStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.WebhookDelivery;

/** A webhook that people removed on Bitbucket and made again: what arrives, and what they see. */
@OnOtherStack
class RemadeWebhookTest {

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();

  RemadeWebhookTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    stack.bitbucket().repository(name);
  }

  @Test
  void itWorksLikeTheOneBeforeAlsoAfterConnectingAgain() {
    String token = stack.bitbucket().token(name, "repository");
    Reply connected = connect(token);
    String id = connected.json().getString("id");
    JsonObject manual = connected.json().getJsonObject("manualWebhook");
    String before = make(manual);
    assertThat(push()).isEqualTo(202);
    stack.bitbucket().removeHook(name, before);
    String after = make(manual);

    assertThat(push()).isEqualTo(202);
    Reply again = connect(token);
    assertThat(push()).isEqualTo(202);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().containsKey("manualWebhook")).isFalse();
    assertThat(uuids(id)).containsExactly(after, before);
    await()
        .untilAsserted(
            () ->
                assertThat(deliveries(id))
                    .hasSize(3)
                    .allSatisfy(
                        delivery ->
                            assertThat(delivery.getString("outcome")).isEqualTo("published")));
  }

  @Test
  void itsUuidsAreShownAndRemovedOnThePage() {
    String owner = "owner-" + Stack.slug();
    String reader = "reader-" + Stack.slug();
    stack.bitbucket().person(owner, name, "admin");
    stack.bitbucket().person(reader, name, "read");
    JsonObject connected = connect(stack.bitbucket().token(name, "repository")).json();
    String page = "/repositories/" + connected.getString("id");
    String before = remade(connected);
    Browser browser = stack.browser();
    browser.signIn(owner);
    Browser other = stack.browser();
    other.signIn(reader);

    assertThat(browser.get(page).body())
        .contains("It was made again on Bitbucket.", "Remove " + before, "last seen on <time");
    assertThat(other.get(page).body()).contains(before).doesNotContain("Remove " + before);
    assertThat(remove(other, page, before).status()).isEqualTo(403);
    Reply removed = remove(browser, page, before);

    assertThat(removed.status()).isEqualTo(303);
    assertThat(removed.header("location")).isEqualTo(page);
    assertThat(browser.get(page).body())
        .doesNotContain(before)
        .doesNotContain("It was made again on Bitbucket.");
  }

  @Test
  void itsUuidsAreRemovedByTheApi() {
    JsonObject connected = connect(stack.bitbucket().token(name, "repository")).json();
    String id = connected.getString("id");
    String before = remade(connected).replaceAll("[{}]", "");
    String uuids = "/repositories/" + id + "/webhook/uuids/";
    assertThat(operator.delete(uuids + UUID.randomUUID()).status()).isEqualTo(404);
    assertThat(operator.delete(uuids + "latest").status()).isEqualTo(400);

    Reply removed = operator.delete(uuids + before);

    assertThat(removed.status()).isEqualTo(204);
    assertThat(uuids(id)).hasSize(1).doesNotContain("{" + before + "}");
    Reply last =
        operator.delete(uuids + "%7B" + uuids(id).getFirst().replaceAll("[{}]", "") + "%7D");
    assertThat(last.status()).isEqualTo(409);
    assertThat(last.json().getString("detail")).contains("disconnect the repository");
  }

  @Test
  void whatIsRefusedIsOnThePageAndInTheListWithWhatToDo() {
    String owner = "owner-" + Stack.slug();
    stack.bitbucket().person(owner, name, "admin");
    JsonObject connected = connect(stack.bitbucket().token(name, "repository")).json();
    String id = connected.getString("id");
    make(connected.getJsonObject("manualWebhook").copy().put("secret", "another one"));

    assertThat(push()).isEqualTo(401);

    String todo = "`cinch repo secret " + id + "` and enter it there";
    await()
        .untilAsserted(
            () ->
                assertThat(deliveries(id))
                    .singleElement()
                    .satisfies(
                        refused -> {
                          assertThat(refused.getInteger("answer")).isEqualTo(401);
                          assertThat(refused.getString("outcome")).isEqualTo("wrong-signature");
                          assertThat(refused.getString("reason")).contains(todo);
                        }));
    Browser browser = stack.browser();
    browser.signIn(owner);
    assertThat(browser.get("/repositories/" + id).body())
        .contains("Refused in the last seven days", "wrong signature", "once", todo);
  }

  @Test
  void oneThatCinchMadeIsTakenAndMendedWhereItIs() {
    String token = stack.bitbucket().token(name, "repository:write", "webhook");
    JsonObject connected = connect(token).json();
    String id = connected.getString("id");
    JsonObject webhook = connected.getJsonObject("webhook");
    assertThat(push()).isEqualTo(202);
    stack.bitbucket().removeHook(name, stack.bitbucket().hooks(name).getFirst().getString("uuid"));
    String after =
        stack
            .bitbucket()
            .addHook(
                name,
                URI.create(webhook.getString("url")),
                secret(UUID.fromString(webhook.getString("id"))).reveal());

    assertThat(push()).isEqualTo(202);
    JsonObject again = connect(token).json();

    assertThat(again.getJsonObject("webhook").getString("id")).isEqualTo(webhook.getString("id"));
    assertThat(stack.bitbucket().hooks(name))
        .extracting(hook -> hook.getString("uuid"))
        .containsExactly(after);
    assertThat(uuids(id)).containsExactly(after);
    assertThat(push()).isEqualTo(202);
  }

  @Test
  void disconnectingRemovesAllThatAreThere() {
    String token = stack.bitbucket().token(name, "repository:write", "webhook");
    JsonObject connected = connect(token).json();
    JsonObject webhook = connected.getJsonObject("webhook");
    stack
        .bitbucket()
        .addHook(
            name,
            URI.create(webhook.getString("url")),
            secret(UUID.fromString(webhook.getString("id"))).reveal());
    push();

    Reply gone = operator.delete("/repositories/" + connected.getString("id"));

    assertThat(gone.json().getJsonArray("warnings")).isEmpty();
    assertThat(stack.bitbucket().hooks(name)).isEmpty();
  }

  @Test
  void disconnectingRemovesAlsoOneThatHasDeliveredNothing() {
    String token = stack.bitbucket().token(name, "repository:write", "webhook");
    JsonObject connected = connect(token).json();
    stack
        .bitbucket()
        .addHook(name, URI.create(connected.getJsonObject("webhook").getString("url")), "whatever");

    operator.delete("/repositories/" + connected.getString("id"));

    assertThat(stack.bitbucket().hooks(name)).isEmpty();
  }

  /** Its UUID is a header's word, which nobody signs. */
  @Test
  void aWebhookThatLeadsElsewhereIsNotOursWhateverDeliveriesSay() {
    String token = stack.bitbucket().token(name, "repository:write", "webhook");
    JsonObject connected = connect(token).json();
    JsonObject webhook = connected.getJsonObject("webhook");
    URI elsewhere = URI.create("https://builds.example/hook");
    String others = stack.bitbucket().addHook(name, elsewhere, "a secret of its own");
    int taken =
        WebhookDelivery.push(
                URI.create(webhook.getString("url")),
                others,
                PushBody.of(
                    connected.getString("uuid"), name, Change.branch("main", null, "b".repeat(40))))
            .signed(secret(UUID.fromString(webhook.getString("id"))).reveal())
            .status();
    assertThat(taken).isEqualTo(202);
    String id = connected.getString("id");
    assertThat(uuids(id)).hasSize(2);

    operator.post("/repositories/" + id + "/webhook/secret", new JsonObject());
    assertThat(stack.bitbucket().hooks(name))
        .extracting(hook -> hook.getString("url"))
        .containsExactlyInAnyOrder(webhook.getString("url"), elsewhere.toString());
    operator.delete("/repositories/" + id);
    assertThat(stack.bitbucket().hooks(name))
        .extracting(hook -> hook.getString("uuid"))
        .containsExactly(others);
  }

  /** Delivers under two UUIDs; the first of them, which is gone. */
  private String remade(JsonObject connected) {
    JsonObject manual = connected.getJsonObject("manualWebhook");
    String before = make(manual);
    push();
    stack.bitbucket().removeHook(name, before);
    make(manual);
    push();
    String id = connected.getString("id");
    await().until(() -> deliveries(id).size() == 2);
    return before;
  }

  private String make(JsonObject manual) {
    stack.log().hide(manual.getString("secret"));
    return stack
        .bitbucket()
        .addHook(name, URI.create(manual.getString("url")), manual.getString("secret"));
  }

  private Secret secret(UUID hook) {
    Secret secret =
        new Hooks(stack.context().database(), stack.config().vault(), InstantSource.system())
            .secret(hook)
            .orElseThrow();
    stack.log().hide(secret.reveal());
    return secret;
  }

  private int push() {
    return stack
        .bitbucket()
        .push(name)
        .getJsonArray("deliveries")
        .getJsonObject(0)
        .getJsonArray("attempts")
        .getJsonObject(0)
        .getInteger("status");
  }

  private Reply connect(String token) {
    return operator.post(
        "/repositories",
        new JsonObject().put("forge", "bitbucket-cloud").put("fullName", name).put("token", token));
  }

  private static Reply remove(Browser browser, String page, String uuid) {
    return browser.post(
        page + "/webhook/uuid/remove", Map.of("formToken", browser.formToken(), "uuid", uuid));
  }

  private List<String> uuids(String id) {
    return objects(
            operator
                .get("/repositories/" + id)
                .json()
                .getJsonObject("webhook")
                .getJsonArray("uuids"))
        .stream()
        .map(uuid -> uuid.getString("uuid"))
        .toList();
  }

  private List<JsonObject> deliveries(String id) {
    return objects(
        operator.get("/repositories/" + id + "/deliveries").json().getJsonArray("items"));
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }
}
