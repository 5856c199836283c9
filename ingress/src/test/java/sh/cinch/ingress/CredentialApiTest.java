package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.testkit.Reply;

/** What the API tells of credentials, and takes. */
@OnStack
class CredentialApiTest {

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();

  CredentialApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    stack.bitbucket().repository(name);
  }

  @AfterEach
  void tokenServiceIsBack() {
    stack.tokenService().away(false);
  }

  @Test
  void whatTheTopicToldIsInListsAndWhereTheTokenServiceIsAway() {
    Reply made = connect(body());
    stack.tell(
        new CredentialEvent(
            credential(made),
            "access-token",
            State.NEEDS_AUTHORIZATION,
            "it expired",
            Instant.parse("2026-11-01T00:00:00Z"),
            Instant.now()));
    stack.tokenService().away(true);

    await()
        .untilAsserted(
            () -> {
              JsonObject one = operator.get("/repositories/" + id(made)).json();
              for (JsonObject shown : new JsonObject[] {one, listed()}) {
                JsonObject credential = shown.getJsonObject("credential");
                assertThat(credential.getString("state")).isEqualTo("needs-authorization");
                assertThat(credential.getString("reason")).isEqualTo("it expired");
                assertThat(credential.getString("expiresAt")).isEqualTo("2026-11-01T00:00:00Z");
                assertThat(shown.getJsonArray("warnings").encode())
                    .contains("It expired.")
                    .contains("cinch repo add --forge bitbucket --repo " + name + " --token -");
              }
            });
  }

  @Test
  void wellIsNotWarnedOf() {
    Reply made = connect(body());
    stack.tell(credential(made), "access-token", State.HEALTHY, null);

    await()
        .untilAsserted(
            () ->
                assertThat(listed().getJsonObject("credential").getString("state"))
                    .isEqualTo("healthy"));
    assertThat(listed().getJsonArray("warnings")).isEmpty();
    assertThat(listed().getJsonObject("credential").containsKey("reason")).isFalse();
  }

  @Test
  void endOfATokenIsPassedOn() {
    Reply made = connect(body().put("expiresAt", "2126-01-31T12:00:00+02:00"));

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().getJsonObject("credential").getString("expiresAt"))
        .isEqualTo("2126-01-31T10:00:00Z");
  }

  @Test
  void dateMeansTheEndOfItsDay() {
    Reply made = connect(body().put("expiresAt", "2126-01-31"));

    assertThat(made.json().getJsonObject("credential").getString("expiresAt"))
        .isEqualTo("2126-01-31T23:59:59Z");
  }

  @Test
  void tokenWhoseEndIsPastIsRefused() {
    Reply refused = connect(body().put("expiresAt", "2026-11-01"));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().getString("detail")).contains("2026-11-01, which is past");
    assertThat(stack.bitbucket().hooks(name)).isEmpty();
  }

  @Test
  void whatIsNoTimeIsRefused() {
    for (String text :
        new String[] {"31.01.2127", "2126-02-30", "2126-01-31T12:00", "+12126-01-31", "soon"}) {
      Reply refused = connect(body().put("expiresAt", text));

      assertThat(refused.status()).as(text).isEqualTo(400);
    }
  }

  @Test
  void operatorHasItTriedAgain() {
    Reply made = connect(body());
    stack.tokenService().stands(credential(made), "unclear", "Bitbucket refused");

    Reply tried = tryAgain(operator, id(made));

    assertThat(tried.status()).isEqualTo(202);
    assertThat(stack.tokenService().tries()).contains(credential(made));
  }

  @Test
  void tryingSaysWhyNot() {
    Reply made = connect(body());

    Reply healthy = tryAgain(operator, id(made));
    stack.tokenService().away(true);
    Reply away = tryAgain(operator, id(made));

    assertThat(healthy.status()).isEqualTo(409);
    assertThat(healthy.json().getString("detail")).isEqualTo("The credential is healthy.");
    assertThat(away.status()).isEqualTo(503);
  }

  @Test
  void runnersHaveNothingTried() {
    Reply made = connect(body());
    stack.tokenService().stands(credential(made), "unclear", "Bitbucket refused");
    String runner =
        operator
            .post(
                "/tokens",
                new JsonObject()
                    .put("kind", "runner")
                    .put("repositories", new JsonArray().add(id(made))))
            .json()
            .getString("token");
    stack.log().hide(runner);

    assertThat(tryAgain(stack.with(runner), id(made)).status()).isEqualTo(403);
    assertThat(stack.tokenService().tries()).doesNotContain(credential(made));
  }

  @Test
  void disconnectingSaysThatThePastedTokenStaysValid() {
    Reply made = connect(body());

    JsonObject gone = operator.delete("/repositories/" + id(made)).json();

    assertThat(gone.getJsonArray("warnings")).isEmpty();
    assertThat(gone.getJsonArray("notes").encode())
        .contains("Cinch has erased its copy of the token")
        .contains("Repository settings, Access tokens");
  }

  @Test
  void disconnectingSaysHowToWithdrawAnAuthorization() {
    String owner = "owner-" + Stack.slug();
    stack.bitbucket().person(owner, name, "admin");
    Browser browser = stack.browser();
    browser.signIn(owner);
    Reply page =
        browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));
    String id = page.body().replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1");
    browser.post("/sign-out", Map.of("formToken", browser.formToken()));
    UUID credential = credential(operator.get("/repositories/" + id));

    JsonObject gone = operator.delete("/repositories/" + id).json();

    assertThat(stack.tokenService().has(credential)).isFalse();
    assertThat(gone.getJsonArray("notes").encode())
        .contains("Cinch has erased its copies of the authorization.")
        .contains("Personal settings, App authorizations");
  }

  private JsonObject listed() {
    return operator.get("/repositories?limit=200").json().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .filter(item -> item.getString("fullName").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Reply connect(JsonObject body) {
    return operator.post("/repositories", body);
  }

  private JsonObject body() {
    return new JsonObject()
        .put("forge", "bitbucket-cloud")
        .put("fullName", name)
        .put("token", stack.bitbucket().token(name, "repository", "webhook"));
  }

  private static Reply tryAgain(Api as, String id) {
    return as.send("POST", "/repositories/" + id + "/credential/try", "");
  }

  private static String id(Reply reply) {
    return reply.json().getString("id");
  }

  private static UUID credential(Reply reply) {
    return UUID.fromString(reply.json().getJsonObject("credential").getString("id"));
  }
}
