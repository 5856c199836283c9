package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnOtherStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.testkit.Reply;

@OnOtherStack
class ConnectPagesTest {

  private final Stack stack;
  private final String name = "acme/" + Stack.slug();

  ConnectPagesTest(Stack stack) {
    this.stack = stack;
    stack.bitbucket().repository(name);
  }

  @Test
  void choosingARepositoryMakesOneHookWithASecret() {
    Browser browser = signedIn();

    Reply page = connect(browser, name);

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("data-connected=\"" + name + "\"")
        .contains(Words.MERGE_BLOCKING);
    assertThat(stack.bitbucket().hooks(name))
        .singleElement()
        .satisfies(
            hook -> {
              assertThat(hook.getString("url")).startsWith(stack.url() + "/webhooks/bitbucket/");
              assertThat(hook.getBoolean("secret_set")).isTrue();
              assertThat(hook.getBoolean("active")).isTrue();
              assertThat(hook.getJsonArray("events")).containsExactly("repo:push");
              assertThat(hook.getString("description")).isEqualTo("Cinch");
            });
  }

  @Test
  void pushThroughTheNewHookIsAccepted() {
    connect(signedIn(), name);

    assertThat(firstAttempt(stack.bitbucket().push(name))).isEqualTo(202);
  }

  @Test
  void connectingAgainMendsTheHookAndMakesNoSecond() {
    Browser browser = signedIn();
    connect(browser, name);
    JsonObject made = stack.bitbucket().hooks(name).getFirst();
    String path =
        "/repositories/" + name + "/hooks/" + made.getString("uuid").replaceAll("[{}]", "");
    stack
        .bitbucket()
        .api(
            stack.bitbucket().token(name, "webhook", "repository"),
            "PUT",
            path,
            new JsonObject().put("active", false).put("secret", "somebody-elses"));

    connect(browser, name);

    assertThat(stack.bitbucket().hooks(name))
        .singleElement()
        .satisfies(
            hook -> {
              assertThat(hook.getString("uuid")).isEqualTo(made.getString("uuid"));
              assertThat(hook.getBoolean("active")).isTrue();
            });
    assertThat(firstAttempt(stack.bitbucket().push(name))).isEqualTo(202);
  }

  @Test
  void hookThatSomebodyDeletedIsMadeAnew() {
    Browser browser = signedIn();
    connect(browser, name);
    String uuid = stack.bitbucket().hooks(name).getFirst().getString("uuid");
    stack
        .bitbucket()
        .api(
            stack.bitbucket().token(name, "webhook", "repository"),
            "DELETE",
            "/repositories/" + name + "/hooks/" + uuid.replaceAll("[{}]", ""),
            new JsonObject());

    connect(browser, name);

    assertThat(stack.bitbucket().hooks(name)).hasSize(1);
    assertThat(firstAttempt(stack.bitbucket().push(name))).isEqualTo(202);
  }

  @Test
  void connectedOnesAreMarked() {
    Browser browser = signedIn();
    connect(browser, name);

    Reply page = browser.get("/connect?q=" + name.substring(5));

    assertThat(page.body()).contains("value=\"" + name + "\"").contains("choose it again to mend");
  }

  @Test
  void searchNarrowsTheList() {
    String other = "acme/" + Stack.slug();
    stack.bitbucket().repository(other);

    Reply page =
        signedIn().get("/connect?q=" + name.substring(5).toUpperCase(java.util.Locale.ROOT));

    assertThat(page.body()).contains("value=\"" + name + "\"").doesNotContain(other);
  }

  @Test
  void searchTextIsShownAndNotRun() {
    Reply page = signedIn().get("/connect?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");

    assertThat(page.body()).doesNotContain("<script>alert").contains("&lt;script>alert");
  }

  @Test
  void listShowsMoreThanOnePageOfBitbucket() {
    for (int i = 0; i < 101; i++) {
      stack.bitbucket().repository("many/" + Stack.slug());
    }

    String page = signedIn().get("/connect?q=many/").body();

    assertThat(page.split("name=\"repository\" value=\"many/", -1)).hasSize(102);
  }

  @Test
  void formOfNoSessionConnectsNothing() {
    Browser browser = signedIn();

    Reply refused = browser.post("/connect", Map.of("formToken", "guessed", "repository", name));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(stack.bitbucket().hooks(name)).isEmpty();
  }

  @Test
  void choosingNothingSaysSo() {
    Browser browser = signedIn();

    Reply refused = browser.post("/connect", Map.of("formToken", browser.formToken()));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body()).contains("Choose at least one repository");
  }

  @Test
  void whatIsNoNameIsSaidToBeNone() {
    Browser browser = signedIn();

    Reply page = connect(browser, "no-name");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("A repository is named workspace/repository.");
  }

  @Test
  void whoDoesNotAdministerCannotConnect() {
    String reader = "reader-" + Stack.slug();
    stack.bitbucket().person(reader, name, "write");
    Browser browser = stack.browser();
    browser.signIn(reader);

    Reply page = connect(browser, name);

    assertThat(page.body()).contains("Only administrators of " + name + " may connect it to Cinch");
    assertThat(stack.bitbucket().hooks(name)).isEmpty();
  }

  @Test
  void anotherAccountsConnectionIsReplacedOnlyWhenAsked() {
    connect(signedIn(), name);
    String other = "other-" + Stack.slug();
    stack.bitbucket().person(other, name, "admin");
    Browser browser = stack.browser();
    browser.signIn(other);

    Reply refused = connect(browser, name);
    Reply replaced =
        browser.post(
            "/connect",
            Map.of("formToken", browser.formToken(), "repository", name, "replace", "true"));

    assertThat(refused.body()).contains("another account");
    assertThat(replaced.body()).contains("data-connected=\"" + name + "\"");
    assertThat(stack.bitbucket().hooks(name)).hasSize(1);
  }

  @Test
  void homeShowsWhatIsConnectedToThoseWhoMaySeeIt() {
    Browser browser = signedIn();
    connect(browser, name);
    Browser foreign = stranger();

    assertThat(browser.get("/").body()).contains(name).contains("webhook waits for a push");
    assertThat(foreign.get("/").body()).doesNotContain(name);
  }

  @Test
  void disconnectingRemovesTheHook() {
    Browser browser = signedIn();
    Reply page = connect(browser, name);
    String id = page.body().replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1");

    Reply done =
        browser.post(
            "/repositories/" + id + "/disconnect", Map.of("formToken", browser.formToken()));

    assertThat(done.status()).isEqualTo(200);
    assertThat(done.body()).contains(name + " is disconnected").doesNotContain("left for you");
    assertThat(stack.bitbucket().hooks(name)).isEmpty();
    assertThat(browser.get("/").body()).doesNotContain(name);
  }

  @Test
  void strangersFindNoRepositoryPage() {
    Browser browser = signedIn();
    Reply page = connect(browser, name);
    String id = page.body().replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1");

    Browser foreign = stranger();

    assertThat(browser.get("/repositories/" + id).status()).isEqualTo(200);
    assertThat(browser.get("/api/v1/repositories/" + id).status()).isEqualTo(200);
    assertThat(foreign.get("/repositories/" + id).status()).isEqualTo(404);
    assertThat(foreign.get("/api/v1/repositories/" + id).status()).isEqualTo(404);
    assertThat(foreign.get("/api/v1/repositories").body()).doesNotContain(name);
    assertThat(stack.browser().get("/repositories/" + id).header("location")).isEqualTo("/");
  }

  @Test
  void choiceOfManyRepositoriesIsBounded() {
    String workspace = "many-" + Stack.slug();
    String person = "owner-" + Stack.slug();
    JsonObject permissions = new JsonObject();
    for (int i = 0; i < 203; i++) {
      String many = "%s/app-%03d".formatted(workspace, i);
      stack.bitbucket().repository(many);
      permissions.put(many, "admin");
    }
    stack
        .bitbucket()
        .control(
            "PUT",
            "/users/" + person,
            new JsonObject().put("displayName", person).put("permissions", permissions));
    Browser browser = stack.browser();
    browser.signIn(person);

    Reply page = browser.get("/connect");

    assertThat(page.body()).contains("app-199").contains("and 3 more").doesNotContain("app-200");
    assertThat(browser.get("/connect?q=app-202").body()).contains("app-202");
    assertThat(browser.get("/connect?q=" + "x".repeat(201)).status()).isEqualTo(400);
  }

  /** Somebody signed in who may see another repository only. */
  private Browser stranger() {
    String stranger = "stranger-" + Stack.slug();
    stack.bitbucket().repository("other/" + stranger);
    stack.bitbucket().person(stranger, "other/" + stranger, "admin");
    Browser browser = stack.browser();
    browser.signIn(stranger);
    return browser;
  }

  private Browser signedIn() {
    Browser browser = stack.browser();
    browser.signIn("ada");
    return browser;
  }

  private static Reply connect(Browser browser, String name) {
    return browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));
  }

  private static int firstAttempt(JsonObject push) {
    JsonArray attempts = push.getJsonArray("deliveries").getJsonObject(0).getJsonArray("attempts");
    assertThat(attempts).hasSize(1);
    return attempts.getJsonObject(0).getInteger("status");
  }
}
