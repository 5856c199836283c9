package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.EventStream;
import sh.cinch.ingress.stack.OnOtherStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.Reply;

/** What people see of a credential that wants them, and what they can do about it. */
@OnOtherStack
class CredentialPagesTest {

  private static final String AUTHORIZE =
      "<a class=\"button\" href=\"/auth/bitbucket\">Authorize again</a>";

  private final Stack stack;
  private final String name = "acme/" + Stack.slug();
  private final String owner = "owner-" + Stack.slug();

  CredentialPagesTest(Stack stack) {
    this.stack = stack;
    stack.bitbucket().repository(name);
    stack.bitbucket().person(owner, name, "admin");
  }

  @Test
  void whoConnectedItIsToldWhatHappenedAndAuthorizesAgain() {
    Browser browser = signedIn(owner);
    String id = connect(browser);
    UUID credential = credential(id);
    stack.tell(credential, "oauth", State.NEEDS_AUTHORIZATION, "you took the access back");

    shows(browser, "/", "You took the access back.", AUTHORIZE, "needs authorization");
    shows(browser, "/repositories/" + id, "You took the access back.", AUTHORIZE);

    Reply back = browser.get(browser.consent(owner, "grant"));
    stack.tell(credential, "oauth", State.HEALTHY, null);

    assertThat(back.header("location")).isEqualTo("/");
    assertThat(credential(id)).isEqualTo(credential);
    await()
        .untilAsserted(
            () ->
                assertThat(browser.get("/").body())
                    .contains(name)
                    .doesNotContain("Authorize again"));
  }

  @Test
  void administratorsHaveItTriedAgain() {
    Browser browser = signedIn(owner);
    String id = connect(browser);
    UUID credential = credential(id);
    stack.tokenService().stands(credential, "unclear", "Bitbucket refused it twice");
    stack.tell(credential, "oauth", State.UNCLEAR, "Bitbucket refused it twice");
    String form = "action=\"/repositories/%s/credential/try\"".formatted(id);
    shows(browser, "/repositories/" + id, "Bitbucket refused it twice.", form);

    Reply tried = post(browser, "/repositories/" + id + "/credential/try");

    assertThat(tried.status()).isEqualTo(202);
    assertThat(tried.body()).contains("Cinch tries again").contains(name);
    assertThat(stack.tokenService().tries()).containsOnlyOnce(credential);
  }

  @Test
  void nobodyElseHasItTriedAgain() {
    String id = connect(signedIn(owner));
    UUID credential = credential(id);
    stack.tokenService().stands(credential, "unclear", "Bitbucket refused");
    stack.tell(credential, "oauth", State.UNCLEAR, "Bitbucket refused");
    String reader = "reader-" + Stack.slug();
    stack.bitbucket().person(reader, name, "write");
    Browser browser = signedIn(reader);

    shows(browser, "/repositories/" + id, "An administrator of the repository can repair this.");
    assertThat(browser.get("/repositories/" + id).body()).doesNotContain("credential/try");
    assertThat(post(browser, "/repositories/" + id + "/credential/try").status()).isEqualTo(403);
    assertThat(
            browser
                .post("/repositories/" + id + "/credential/try", Map.of("formToken", "guessed"))
                .status())
        .isEqualTo(403);
    assertThat(stack.tokenService().tries()).doesNotContain(credential);
  }

  @Test
  void wellIsNotTried() {
    Browser browser = signedIn(owner);
    String id = connect(browser);

    assertThat(post(browser, "/repositories/" + id + "/credential/try").status()).isEqualTo(409);
  }

  @Test
  void anotherAdministratorMayPutTheirAccountInItsPlace() {
    String id = connect(signedIn(owner));
    stack.tell(credential(id), "oauth", State.NEEDS_AUTHORIZATION, "the grant was revoked");
    String other = "other-" + Stack.slug();
    stack.bitbucket().person(other, name, "admin");
    Browser browser = signedIn(other);

    shows(
        browser,
        "/repositories/" + id,
        "The grant was revoked.",
        "href=\"/connect?q=" + name.replace("/", "%2F") + "\"");
    assertThat(browser.get("/repositories/" + id).body()).doesNotContain(AUTHORIZE);
  }

  @Test
  void whoseOwnAuthorizationIsDeadIsNotLockedOut() {
    Browser browser = signedIn(owner);
    UUID credential = credential(connect(browser));
    stack.tokenService().stands(credential, "needs-authorization", "the grant was revoked");
    try (RunningService fresh = stack.another()) {
      String home = "http://localhost:%d/".formatted(fresh.port());

      Reply untold = browser.get(home);
      stack.tell(credential, "oauth", State.NEEDS_AUTHORIZATION, "the grant was revoked");

      assertThat(untold.status()).isEqualTo(409);
      assertThat(untold.body()).contains(AUTHORIZE);
      shows(browser, home, AUTHORIZE, "action=\"/credential/try\"", "The grant was revoked.");
      Reply tried =
          browser.post(
              home + "credential/try",
              Map.of("formToken", Browser.hidden(browser.get(home), "formToken")));
      assertThat(tried.status()).isEqualTo(202);
      assertThat(stack.tokenService().tries()).contains(credential);
    }
  }

  @Test
  void pastedTokenIsReplacedAndTheConnectionStays() {
    JsonObject made = paste();
    UUID old = UUID.fromString(made.getJsonObject("credential").getString("id"));
    String address = "/repositories/" + made.getString("id");
    String since = stack.operator().get(address).json().getString("since");
    JsonObject hook = stack.bitbucket().hooks(name).getFirst();
    stack.tell(old, "access-token", State.NEEDS_AUTHORIZATION, "Bitbucket no longer accepts it");
    Browser browser = signedIn(owner);
    shows(
        browser,
        address,
        "needs a new token",
        "Repository settings, Access tokens.",
        "<span>--repo</span> <span>" + name + "</span> <span>--token</span> <span>-</span>");
    assertThat(browser.get(address).body()).doesNotContain("Authorize again", "credential/try");

    JsonObject replaced = paste();
    UUID next = UUID.fromString(replaced.getJsonObject("credential").getString("id"));
    stack.tell(next, "access-token", State.HEALTHY, null);

    assertThat(next).isNotEqualTo(old);
    assertThat(replaced.getString("id")).isEqualTo(made.getString("id"));
    assertThat(replaced.getString("since")).isEqualTo(since);
    assertThat(replaced.getJsonObject("webhook")).isEqualTo(made.getJsonObject("webhook"));
    assertThat(stack.bitbucket().hooks(name))
        .singleElement()
        .satisfies(kept -> assertThat(kept.getString("uuid")).isEqualTo(hook.getString("uuid")));
    assertThat(browser.get(address).body()).doesNotContain("class=\"notice");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        stack
                            .operator()
                            .get(address)
                            .json()
                            .getJsonObject("credential")
                            .getString("state"))
                    .isEqualTo("healthy"));
  }

  @Test
  void endOfATokenIsAnnounced() {
    JsonObject made = paste();
    stack.tell(
        new CredentialEvent(
            UUID.fromString(made.getJsonObject("credential").getString("id")),
            "access-token",
            State.HEALTHY,
            "It expires on 5 December 2026. Make a new one.",
            Instant.parse("2026-12-05T23:59:59Z"),
            Instant.now()));
    Browser browser = signedIn(owner);

    shows(browser, "/", "access ends soon", "It expires on 5 December 2026.");
    shows(browser, "/repositories/" + made.getString("id"), "5 Dec 2026, 23:59 UTC", "access ends");
  }

  @Test
  void openPageHearsOfItAndOthersDoNot() throws Exception {
    Browser browser = signedIn(owner);
    String id = connect(browser);
    String stranger = "stranger-" + Stack.slug();
    stack.bitbucket().repository("other/" + stranger);
    stack.bitbucket().person(stranger, "other/" + stranger, "admin");
    Browser foreign = signedIn(stranger);

    try (EventStream events = new EventStream(stack.url().getPort(), browser);
        EventStream none = new EventStream(stack.url().getPort(), foreign)) {
      await().until(() -> events.lines().contains(": connected"));
      await().until(() -> none.lines().contains(": connected"));
      stack.tell(credential(id), "oauth", State.UNCLEAR, "Bitbucket refused");

      await().until(() -> events.lines().contains("data: " + id));
      assertThat(none.lines()).doesNotContain("data: " + id);
    }
  }

  @Test
  void disconnectingSaysWhatStaysValidOnBitbucket() {
    Browser browser = signedIn(owner);
    String id = connect(browser);

    Reply done = post(browser, "/repositories/" + id + "/disconnect");

    assertThat(done.status()).isEqualTo(200);
    assertThat(done.body())
        .contains(name + " is disconnected")
        .contains("Cinch keeps it while its owner is signed in")
        .contains("Personal settings, App authorizations")
        .doesNotContain("left for you");
  }

  private Browser signedIn(String user) {
    Browser browser = stack.browser();
    browser.signIn(user);
    return browser;
  }

  private String connect(Browser browser) {
    Reply page =
        browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));
    return page.body().replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1");
  }

  private JsonObject paste() {
    return stack
        .operator()
        .post(
            "/repositories",
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", name)
                .put("token", stack.bitbucket().token(name, "repository", "webhook")))
        .json();
  }

  private UUID credential(String repository) {
    return UUID.fromString(
        stack
            .operator()
            .get("/repositories/" + repository)
            .json()
            .getJsonObject("credential")
            .getString("id"));
  }

  private static Reply post(Browser browser, String address) {
    return browser.post(address, Map.of("formToken", browser.formToken()));
  }

  /** Once the projection has it. */
  private static void shows(Browser browser, String address, String... texts) {
    await().untilAsserted(() -> assertThat(browser.get(address).body()).contains(texts));
  }
}
