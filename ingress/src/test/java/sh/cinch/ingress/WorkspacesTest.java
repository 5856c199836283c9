package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnOtherStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.ShiftedClock;

/** An account in two workspaces, of which one cannot be read; and an API behind a proxy. */
@OnOtherStack
class WorkspacesTest {

  private final Stack stack;
  private final String person = "person-" + Stack.slug();
  private final String open = "open-" + Stack.slug();
  private final String shut = "shut-" + Stack.slug();
  private final String seen = open + "/app";
  private final String hidden = shut + "/app";
  private final String openWorkspace;
  private final String shutWorkspace;

  WorkspacesTest(Stack stack) {
    this.stack = stack;
    openWorkspace = repository(seen).getJsonObject("workspace").getString("uuid");
    shutWorkspace = repository(hidden).getJsonObject("workspace").getString("uuid");
  }

  @AfterEach
  void mend() {
    stack.bitbucket().mend();
    stack.bitbucket().setting("innerUrl", "");
  }

  @ParameterizedTest
  @CsvSource({
    "403, ask an administrator of",
    "404, You may have left it just now",
    "410, Look at the workspace on Bitbucket",
    "500, Try again in a minute",
    "503, Try again in a minute"
  })
  void theOthersAreListedAndItIsSaidWhichIsMissingAndWhatToDo(int status, String advice) {
    shut(shutWorkspace, status);
    Browser browser = signedIn();

    String page = browser.get("/connect").body();
    assertThat(page)
        .contains("value=\"" + seen + "\"")
        .doesNotContain(hidden)
        .contains("The workspace %s could not be read".formatted(shut))
        .contains(String.valueOf(status))
        .contains(advice);

    Reply connected = connect(browser, seen);
    assertThat(connected.body()).contains("data-connected=\"" + seen + "\"");
    assertThat(browser.get("/").body())
        .contains(seen)
        .contains("The workspace %s could not be read".formatted(shut));
    JsonObject list = browser.get("/api/v1/repositories").json();
    assertThat(names(list)).containsExactly(seen);
    assertThat(list.getJsonArray("warnings").stream().map(String::valueOf))
        .singleElement()
        .asString()
        .startsWith("The workspace %s could not be read".formatted(shut))
        .contains(advice);
  }

  @Test
  void aWorkspaceThatDoesNotAnswerCostsOnlyItsOwn() {
    fault(workspace(shutWorkspace), Map.of("kind", "reset"));

    assertThat(signedIn().get("/connect").body())
        .contains("value=\"" + seen + "\"")
        .contains("The workspace %s could not be read".formatted(shut))
        .contains("Try again in a minute");
  }

  @Test
  void whereAllCanBeReadNothingIsSaid() {
    Browser browser = signedIn();

    assertThat(browser.get("/connect").body())
        .contains(seen, hidden)
        .doesNotContain("id=\"missing");
    assertThat(browser.get("/").body()).doesNotContain("id=\"missing");
    assertThat(browser.get("/api/v1/repositories").json().containsKey("warnings")).isFalse();
  }

  @Test
  void whereNoneCanBeReadTheListingFails() {
    shut(shutWorkspace, 403);
    shut(openWorkspace, 403);

    Reply page = signedIn().get("/connect");

    assertThat(page.status()).isEqualTo(422);
    assertThat(page.body()).contains("Your repositories could not be listed.").contains("403");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "{\"full_name\":\"a/b\"}", "[]"})
  void anOddRepositoryCostsOnlyItself(String odd) {
    fault(
        workspace(shutWorkspace),
        Map.of("kind", "garbage", "body", "{\"values\":[%s,%s]}".formatted(odd, shown(hidden))));

    assertThat(signedIn().get("/connect").body())
        .contains("value=\"" + seen + "\"")
        .contains("value=\"" + hidden + "\"")
        .contains(
            "In the list of the workspace %s one repository could not be read".formatted(shut));
  }

  @Test
  void anOddWorkspaceCostsOnlyItself() {
    fault(
        "/2.0/user/workspaces",
        Map.of(
            "kind",
            "garbage",
            "body",
            """
            {"values":[{"workspace":{"uuid":"%s"}},null,{"workspace":{"slug":"%s"}}]}
            """
                .formatted(openWorkspace, shut)));

    assertThat(signedIn().get("/connect").body())
        .contains("value=\"" + seen + "\"")
        .contains("value=\"" + hidden + "\"")
        .contains("One of your workspaces could not be read");
  }

  /** While nobody can say it, nothing is said to be missing, whether or not it is there. */
  @Test
  void whatAWorkspaceThatDoesNotAnswerHidesIsNotSaidToBeMissing() {
    String id = connected(hidden);
    shut(shutWorkspace, 500);
    Browser browser = signedIn();

    for (String asked : List.of(id, UUID.randomUUID().toString())) {
      Reply reply = browser.get("/api/v1/repositories/" + asked);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.body()).contains("The workspace %s could not be read".formatted(shut));
    }
  }

  @ParameterizedTest
  @CsvSource({"500, false", "403, true"})
  void whatMayPassIsAskedForAgainAfterAMinute(int status, boolean stays) {
    shut(shutWorkspace, status);
    Browser browser = signedIn();
    ShiftedClock clock = new ShiftedClock();
    try (RunningService other = stack.another(stack.artifacts(), clock)) {
      String home = "http://localhost:%d/".formatted(other.port());
      assertThat(browser.get(home).body()).contains("id=\"missing");
      stack.bitbucket().mend();

      assertThat(browser.get(home).body()).contains("id=\"missing");
      clock.advance(Duration.ofSeconds(61));
      assertThat(browser.get(home).body().contains("id=\"missing")).isEqualTo(stays);
      clock.advance(Duration.ofMinutes(10));
      assertThat(browser.get(home).body()).doesNotContain("id=\"missing");
    }
  }

  @Test
  void whatAWorkspaceRefusesIsNotShown() {
    String id = connected(hidden);
    shut(shutWorkspace, 403);

    assertThat(signedIn().get("/api/v1/repositories/" + id).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 500})
  void whoAdministersARepositoryThatIsMissingIsNotSaidToBeNoAdministrator(int status) {
    shut(shutWorkspace, status);
    Browser browser = signedIn();

    Reply page = connect(browser, hidden);

    assertThat(page.body())
        .contains("The workspace %s could not be read".formatted(shut))
        .doesNotContain("Only administrators")
        .doesNotContain("data-connected");
    assertThat(stack.bitbucket().hooks(hidden)).isEmpty();
  }

  /** Bitbucket shows what is in the workspace, but not what of it the account administers. */
  @Test
  void whoSeesARepositoryIsNotSaidToBeNoAdministratorWhereThatIsNotKnown() {
    String id = connected(hidden);
    fault(workspace(shutWorkspace), Map.of("kind", "latency", "ms", 1, "times", 1));
    shut(shutWorkspace, 500);
    Browser browser = signedIn();

    Reply page = browser.get("/repositories/" + id);
    Reply refused =
        browser.send(
            "DELETE",
            "/api/v1/repositories/" + id,
            "",
            Map.of("x-form-token", Browser.hidden(page, "formToken")));

    String why = "The workspace %s could not be read whole".formatted(shut);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains(why).doesNotContain("Disconnect " + hidden);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).contains(why);
    assertThat(stack.bitbucket().hooks(hidden)).hasSize(1);
  }

  /** One of those that cannot be read may be Cinch's own. */
  @Test
  void noSecondWebhookIsMadeWhileTheyCannotBeReadWhole() {
    Browser browser = signedIn();
    oddHooks(seen, "null");

    assertThat(connect(browser, seen).body())
        .contains("Bitbucket lists 1 webhooks of the repository that could not be read")
        .contains("Repository settings, Webhooks");
    stack.bitbucket().mend();
    assertThat(stack.bitbucket().hooks(seen)).isEmpty();

    connect(browser, seen);
    oddHooks(seen, "null," + stack.bitbucket().hooks(seen).getFirst());

    assertThat(connect(browser, seen).body()).contains("data-connected=\"" + seen + "\"");
    stack.bitbucket().mend();
    assertThat(stack.bitbucket().hooks(seen)).hasSize(1);
  }

  @Test
  void everyPageIsReadWhereLinksNameAnInnerHost() {
    for (int i = 0; i < 100; i++) {
      repository("%s/app-%03d".formatted(open, i));
    }
    stack.bitbucket().setting("innerUrl", "http://internal:8080");

    String page = signedIn().get("/connect?q=" + open).body();

    assertThat(page.split("name=\"repository\" value=\"" + open, -1)).hasSize(102);
    assertThat(page).doesNotContain("id=\"missing");
  }

  @Test
  void tagsAndDownloadsAreReadToTheirEndWhereLinksNameAnInnerHost() {
    String id = connected(seen);
    stack
        .bitbucket()
        .push(
            seen,
            IntStream.range(0, 100)
                .mapToObj(i -> Map.of("ref", "refs/tags/a-%03d".formatted(i)))
                .toList());
    String commit = stack.bitbucket().push(seen, "refs/tags/last/v1");
    for (int i = 0; i < 100; i++) {
      stack.bitbucket().upload(seen, "later-%03d".formatted(i), "x");
    }
    stack.bitbucket().upload(seen, "zzz", "four");
    stack.bitbucket().setting("innerUrl", "http://internal:8080/inner");
    fault("*/refs/tags/last*", Map.of("kind", "status", "status", 404));

    JsonObject tried =
        stack
            .operator()
            .post(
                "/releases?dryRun=true",
                new JsonObject()
                    .put("repository", new JsonObject().put("id", id))
                    .put("tag", "last/v1")
                    .put("options", new JsonObject().put("name", "{name}"))
                    .put("files", new JsonArray().add(file("zzz")).add(file("later-000"))))
            .json();

    assertThat(tried.getString("commit")).isEqualTo(commit);
    assertThat(tried.getJsonArray("files").stream().map(JsonObject.class::cast))
        .allSatisfy(file -> assertThat(file.getJsonObject("replaces")).isNotNull());
  }

  @Test
  void aListThatLeadsInACircleSaysSo() {
    fault(
        workspace(shutWorkspace),
        Map.of(
            "kind",
            "garbage",
            "body",
            "{\"values\":[],\"next\":\"http://internal/2.0/repositories/x?page=2\"}"));
    fault(
        "/2.0/repositories/x",
        Map.of(
            "kind",
            "status",
            "status",
            200,
            "body",
            "{\"values\":[],\"next\":\"http://internal/2.0/repositories/x?page=2\"}"));

    assertThat(signedIn().get("/connect").body())
        .contains("value=\"" + seen + "\"")
        .contains("leads in a circle");
  }

  private static JsonObject file(String name) {
    return new JsonObject()
        .put("name", name)
        .put("source", "https://runner.example/" + name)
        .put("size", 10)
        .put("sha256", "ab".repeat(32));
  }

  private JsonObject repository(String name) {
    JsonObject made = stack.bitbucket().repository(name);
    stack.bitbucket().member(name, person, "admin");
    return made;
  }

  private String shown(String name) {
    return stack
        .bitbucket()
        .api(
            stack.bitbucket().token(name, "repository"),
            "GET",
            "/repositories/" + name,
            new JsonObject())
        .body();
  }

  private void oddHooks(String name, String entries) {
    String uuid = new JsonObject(shown(name)).getString("uuid").replaceAll("[{}]", "");
    fault(
        "*" + uuid + "%7D/hooks",
        Map.of("kind", "garbage", "body", "{\"values\":[%s]}".formatted(entries)));
  }

  private void shut(String workspace, int status) {
    fault(workspace(workspace), Map.of("kind", "status", "status", status));
  }

  private static String workspace(String uuid) {
    return "/2.0/repositories/" + uuid.replace("{", "%7B").replace("}", "%7D");
  }

  private void fault(String path, Map<String, ?> fault) {
    Map<String, Object> whole = new HashMap<>(fault);
    whole.put("method", "GET");
    whole.put("path", path);
    stack.bitbucket().fault(whole);
  }

  private String connected(String name) {
    return stack
        .operator()
        .post(
            "/repositories",
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", name)
                .put("token", stack.bitbucket().token(name, "repository:write", "webhook")))
        .json()
        .getString("id");
  }

  private Browser signedIn() {
    Browser browser = stack.browser();
    browser.signIn(person);
    return browser;
  }

  private static Reply connect(Browser browser, String name) {
    return browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));
  }

  private static List<String> names(JsonObject list) {
    return list.getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .map(repository -> repository.getString("fullName"))
        .toList();
  }
}
