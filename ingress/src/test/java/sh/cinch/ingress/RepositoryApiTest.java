package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.testkit.Reply;

@OnStack
class RepositoryApiTest {

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();
  private final JsonObject onBitbucket;

  RepositoryApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    this.onBitbucket = stack.bitbucket().repository(name);
  }

  @AfterEach
  void mendBitbucket() {
    stack.bitbucket().mend();
  }

  @Test
  void tokenThatMayMakeHooksConnects() {
    Reply made = connect(token());

    assertThat(made.status()).isEqualTo(201);
    JsonObject repository = made.json();
    assertThat(repository.getString("fullName")).isEqualTo(name);
    assertThat(repository.getString("forge")).isEqualTo("bitbucket-cloud");
    assertThat(repository.getString("uuid")).isEqualTo(onBitbucket.getString("uuid"));
    assertThat(repository.getString("state")).isEqualTo("connected");
    assertThat(repository.getJsonObject("credential").getString("kind")).isEqualTo("access-token");
    assertThat(repository.getJsonObject("credential").getString("state")).isEqualTo("healthy");
    JsonObject webhook = repository.getJsonObject("webhook");
    assertThat(webhook.getBoolean("managed")).isTrue();
    assertThat(webhook.getString("state")).isEqualTo("waiting");
    assertThat(repository.containsKey("manualWebhook")).isFalse();
    assertThat(repository.getJsonArray("warnings")).contains(Words.MERGE_BLOCKING);
    assertThat(stack.bitbucket().hooks(name))
        .singleElement()
        .satisfies(hook -> assertThat(hook.getString("url")).isEqualTo(webhook.getString("url")));
  }

  @Test
  void tokenThatMayNotMakeHooksLeavesThemToAPerson() {
    Reply made = connect(stack.bitbucket().token(name, "repository"));

    assertThat(made.status()).isEqualTo(201);
    JsonObject manual = made.json().getJsonObject("manualWebhook");
    assertThat(made.json().getJsonObject("webhook").getBoolean("managed")).isFalse();
    assertThat(manual.getString("url"))
        .isEqualTo(made.json().getJsonObject("webhook").getString("url"));
    assertThat(manual.getString("secret")).hasSizeGreaterThanOrEqualTo(43);
    assertThat(manual.getJsonArray("events")).containsExactly("repo:push");
    assertThat(made.json().getJsonArray("warnings")).contains(Words.MANUAL_WEBHOOK);
    assertThat(operator.get("/repositories/" + id(made)).json().containsKey("manualWebhook"))
        .isFalse();
    stack.log().hide(manual.getString("secret"));
  }

  @Test
  void hookMadeByHandWorksAndIsLeftAlone() {
    String weak = stack.bitbucket().token(name, "repository");
    JsonObject manual = connect(weak).json().getJsonObject("manualWebhook");
    stack
        .bitbucket()
        .api(
            stack.bitbucket().token(name, "webhook", "repository"),
            "POST",
            "/repositories/" + name + "/hooks",
            new JsonObject()
                .put("description", "Cinch")
                .put("url", manual.getString("url"))
                .put("secret", manual.getString("secret"))
                .put("events", manual.getJsonArray("events")));

    JsonObject push = stack.bitbucket().push(name);
    Reply again = connect(weak);

    assertThat(push.encode()).contains("\"status\":202");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().containsKey("manualWebhook")).isFalse();
  }

  @Test
  void connectingAgainKeepsTheId() {
    String token = token();
    Reply first = connect(token);

    Reply second = connect(token);

    assertThat(second.status()).isEqualTo(200);
    assertThat(id(second)).isEqualTo(id(first));
    assertThat(stack.bitbucket().hooks(name)).hasSize(1);
  }

  @Test
  void idOutlivesDisconnecting() {
    Reply first = connect(token());
    operator.delete("/repositories/" + id(first));

    assertThat(id(connect(token()))).isEqualTo(id(first));
  }

  @Test
  void anotherTokenOfTheRepositoryTakesThePlaceOfTheFirst() {
    Reply first = connect(token());

    Reply second = connect(token());

    assertThat(second.status()).isEqualTo(200);
    assertThat(id(second)).isEqualTo(id(first));
    assertThat(stack.tokenService().keeps(credential(first))).isTrue();
    assertThat(stack.tokenService().keeps(credential(second))).isFalse();
    assertThat(stack.bitbucket().hooks(name)).hasSize(1);
  }

  @Test
  void aTokenTakesOverAnAccountsConnectionOnlyWhenAsked() {
    Reply first = connect(token());
    belongsToAnAccount(first);
    String other = token();

    Reply refused = connect(other);
    Reply replaced = operator.post("/repositories?replace=true", body(other));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().getString("detail")).contains("another account");
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(id(replaced)).isEqualTo(id(first));
    assertThat(stack.tokenService().keeps(credential(first))).isTrue();
    assertThat(stack.tokenService().keeps(credential(replaced))).isFalse();
  }

  @Test
  void tokenThatCanDoLessTakesThePlaceOnlyWhenAsked() {
    Reply first = connect(token());
    String weak = stack.bitbucket().token(name, "repository");

    Reply refused = connect(weak);
    Reply kept = operator.get("/repositories/" + id(first));
    Reply replaced = operator.post("/repositories?replace=true", body(weak));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().getString("detail"))
        .contains("no longer upload releases (repository:write) or make and mend its webhook");
    assertThat(credential(kept)).isEqualTo(credential(first));
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(stack.tokenService().size(weak)).isOne();
  }

  @Test
  void unsignedDeliveriesAreWarnedOfForAsLongAsTheyAreBelieved() {
    JsonObject order = body(token()).put("allowUnsigned", true);

    Reply made = operator.post("/repositories", order);
    Reply shown = operator.get("/repositories/" + id(made));
    connect(token());
    Reply ended = operator.get("/repositories/" + id(made));

    assertThat(made.json().getJsonArray("warnings")).contains(Words.UNSIGNED);
    assertThat(shown.json().getJsonArray("warnings")).contains(Words.UNSIGNED);
    assertThat(ended.json().getJsonArray("warnings")).doesNotContain(Words.UNSIGNED);
  }

  @Test
  void unsignedHookMadeByHandIsSignedAgainWhereItIsConnectedSo() {
    String weak = stack.bitbucket().token(name, "repository");
    operator.post("/repositories", body(weak).put("allowUnsigned", true));

    Reply again = connect(weak);

    assertThat(again.json().getJsonArray("warnings")).doesNotContain(Words.UNSIGNED);
    assertThat(operator.get("/repositories/" + id(again)).json().getJsonArray("warnings"))
        .doesNotContain(Words.UNSIGNED);
  }

  @Test
  void nameThatMeansAnotherRepositoryNowIsAnotherRepository() {
    Reply first = connect(token());
    stack.bitbucket().repository(name, UUID.randomUUID());

    Reply second = connect(token());

    assertThat(second.status()).isEqualTo(201);
    assertThat(id(second)).isNotEqualTo(id(first));
  }

  @Test
  void unknownTokenIsRefused() {
    Reply refused = connect("not-a-token-of-bitbucket");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
  }

  @Test
  void repositoryThatTheTokenDoesNotSeeKeepsNoToken() {
    String token = token();
    String other = "acme/" + Stack.slug();
    stack.bitbucket().repository(other);

    Reply refused = operator.post("/repositories", body(token).put("fullName", other));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().getString("detail")).contains(other).contains("scopes");
    assertThat(stack.tokenService().size(token)).isZero();
  }

  @Test
  void failureHalfWayIsMendedByTheNextTry() {
    String token = token();
    stack
        .bitbucket()
        .fault(
            new JsonObject()
                .put("method", "POST")
                .put("path", "/2.0/repositories/*/hooks")
                .put("kind", "status")
                .put("status", 500)
                .put("times", 1));

    Reply failed = connect(token);
    Reply mended = connect(token);

    assertThat(failed.status()).isEqualTo(503);
    assertThat(mended.status()).isEqualTo(201);
    assertThat(stack.bitbucket().hooks(name)).hasSize(1);
    assertThat(stack.bitbucket().push(name).encode()).contains("\"status\":202");
  }

  @Test
  void hookWhoseAnswerWasLostIsFoundAgain() {
    String token = token();
    stack
        .bitbucket()
        .fault(
            new JsonObject()
                .put("method", "POST")
                .put("path", "/2.0/repositories/*/hooks")
                .put("kind", "lost-response")
                .put("times", 1));

    Reply failed = connect(token);
    Reply mended = connect(token);

    assertThat(failed.status()).isEqualTo(503);
    assertThat(mended.status()).isEqualTo(201);
    assertThat(stack.bitbucket().hooks(name)).hasSize(1);
    assertThat(stack.bitbucket().push(name).encode()).contains("\"status\":202");
  }

  @Test
  void malformedBodiesSayWhatIsWrong() {
    for (String body :
        new String[] {
          "{",
          "[]",
          "{\"forge\":\"bitbucket-cloud\"}",
          body("x").put("forge", "sourceforge").encode(),
          body("x").put("token", 42).encode(),
          body("x").put("token", "").encode(),
          body("x").put("fullName", "no-slash").encode(),
          body("x").put("fullName", "a/../b").encode()
        }) {
      Reply refused = operator.send("POST", "/repositories", body);

      assertThat(refused.status()).as(body).isEqualTo(400);
      assertThat(refused.json().getString("detail")).as(body).isNotBlank();
    }
  }

  @Test
  void refusalDoesNotRepeatTheToken() {
    Reply refused =
        operator.post(
            "/repositories",
            body("s3cr3t".repeat(2000)).put("email", new JsonArray().add("s3cr3t")));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).doesNotContain("s3cr3t");
  }

  @Test
  void disconnectingRemovesHookAndCredential() {
    Reply made = connect(token());

    Reply gone = operator.delete("/repositories/" + id(made));

    assertThat(gone.status()).isEqualTo(200);
    assertThat(gone.json().getJsonArray("warnings")).isEmpty();
    assertThat(stack.bitbucket().hooks(name)).isEmpty();
    assertThat(stack.tokenService().has(credential(made))).isFalse();
    assertThat(operator.get("/repositories/" + id(made)).json().getString("state"))
        .isEqualTo("disconnected");
  }

  @Test
  void disconnectingGoesOnWhereBitbucketWasAway() {
    Reply made = connect(token());
    stack
        .bitbucket()
        .fault(
            new JsonObject()
                .put("method", "DELETE")
                .put("path", "/2.0/repositories/*")
                .put("kind", "status")
                .put("status", 503)
                .put("times", 1));

    Reply away = operator.delete("/repositories/" + id(made));
    Reply gone = operator.delete("/repositories/" + id(made));

    assertThat(away.status()).isEqualTo(503);
    assertThat(gone.status()).isEqualTo(200);
    assertThat(stack.bitbucket().hooks(name)).isEmpty();
  }

  @Test
  void hookThatCannotBeRemovedIsNamed() {
    Reply made = connect(token());
    stack
        .bitbucket()
        .fault(
            new JsonObject()
                .put("method", "DELETE")
                .put("path", "/2.0/repositories/*")
                .put("kind", "status")
                .put("status", 403)
                .put("times", 1));

    Reply gone = operator.delete("/repositories/" + id(made));

    assertThat(gone.status()).isEqualTo(200);
    assertThat(gone.json().getJsonArray("warnings").encode())
        .contains("still on Bitbucket")
        .contains(made.json().getJsonObject("webhook").getString("url"));
  }

  @Test
  void newSecretIsToldToBitbucket() {
    Reply made = connect(token());

    Reply changed = operator.send("POST", "/repositories/" + id(made) + "/webhook/secret", "");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().getBoolean("installed")).isTrue();
    assertThat(stack.bitbucket().push(name).encode()).contains("\"status\":202");
  }

  @Test
  void secretThatBitbucketDidNotTakeIsGivenUp() {
    Reply made = connect(token());
    stack
        .bitbucket()
        .fault(
            new JsonObject()
                .put("method", "PUT")
                .put("path", "/2.0/repositories/*")
                .put("kind", "status")
                .put("status", 503)
                .put("times", 2));

    for (int i = 0; i < 2; i++) {
      assertThat(
              operator.send("POST", "/repositories/" + id(made) + "/webhook/secret", "").status())
          .isEqualTo(503);
    }

    assertThat(stack.bitbucket().push(name).encode()).contains("\"status\":202");
  }

  @Test
  void newSecretOfAHookByHandIsShown() {
    Reply made = connect(stack.bitbucket().token(name, "repository"));

    Reply changed = operator.send("POST", "/repositories/" + id(made) + "/webhook/secret", "");

    assertThat(changed.json().getBoolean("installed")).isFalse();
    assertThat(changed.json().getJsonObject("manualWebhook").getString("secret"))
        .isNotEqualTo(made.json().getJsonObject("manualWebhook").getString("secret"));
  }

  @Test
  void listIsPagedByCursor() {
    connect(token());
    String other = "acme/" + Stack.slug();
    stack.bitbucket().repository(other);
    operator.post(
        "/repositories",
        body(stack.bitbucket().token(other, "repository", "webhook")).put("fullName", other));

    JsonObject first = operator.get("/repositories?limit=1").json();
    JsonObject second =
        operator.get("/repositories?limit=1&cursor=" + first.getString("next")).json();

    assertThat(first.getJsonArray("items").getJsonObject(0).getString("fullName")).isEqualTo(other);
    assertThat(second.getJsonArray("items").getJsonObject(0).getString("fullName")).isEqualTo(name);
  }

  @Test
  void badCursorAndLimitAreRefused() {
    assertThat(operator.get("/repositories?cursor=abc").status()).isEqualTo(400);
    assertThat(operator.get("/repositories?limit=0").status()).isEqualTo(400);
    assertThat(operator.get("/repositories?limit=many").status()).isEqualTo(400);
  }

  private String token() {
    return stack.bitbucket().token(name, "repository", "repository:write", "webhook");
  }

  private Reply connect(String token) {
    return operator.post("/repositories", body(token));
  }

  private JsonObject body(String token) {
    return new JsonObject()
        .put("forge", "bitbucket-cloud")
        .put("fullName", name)
        .put("token", token);
  }

  private static String id(Reply reply) {
    return reply.json().getString("id");
  }

  /** As if somebody had connected it through OAuth. */
  private void belongsToAnAccount(Reply connected) {
    stack
        .context()
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.CREDENTIAL_KIND, "oauth")
        .set(REPOSITORY.ACCOUNT_UUID, "{6b47}")
        .where(REPOSITORY.ID.eq(UUID.fromString(id(connected))))
        .execute();
  }

  private static UUID credential(Reply reply) {
    return UUID.fromString(reply.json().getJsonObject("credential").getString("id"));
  }
}
