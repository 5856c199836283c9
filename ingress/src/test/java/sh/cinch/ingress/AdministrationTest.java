package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.testkit.Reply;

/** Who may connect a repository: those who administer it, whatever they bring along. */
@OnStack
class AdministrationTest {

  private final Stack stack;
  private final String slug = Stack.slug();
  private final String name = "acme/" + slug;

  AdministrationTest(Stack stack) {
    this.stack = stack;
    stack.bitbucket().repository(name);
  }

  @Test
  void readerWithATokenOfTheirOwnConnectsNothing() {
    String token = apiToken("reader", "read");

    Reply refused = post(signedIn("reader"), body(token).put("email", email("reader")));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("Only administrators of " + name).doesNotContain("secret");
    assertThat(stack.tokenService().size(token)).isZero();
  }

  @Test
  void writerWithATokenOfTheRepositoryConnectsNothing() {
    person("writer", "write");
    String token = stack.bitbucket().token(name, "repository", "webhook");

    Reply refused = post(signedIn("writer"), body(token));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(stack.bitbucket().hooks(name)).isEmpty();
  }

  @Test
  void readerTakesNobodysPlace() {
    String present = stack.bitbucket().token(name, "repository", "webhook");
    stack.operator().post("/repositories", body(present));
    person("reader", "read");
    String weak = stack.bitbucket().token(name, "repository");

    Reply refused = post(signedIn("reader"), "?replace=true", body(weak));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(stack.tokenService().size(present)).isOne();
  }

  @Test
  void administratorConnectsWithWhateverTokenTheyHave() {
    person("admin", "admin");
    String token = stack.bitbucket().token(name, "repository");

    Reply made = post(signedIn("admin"), body(token));

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().getJsonObject("manualWebhook").getString("secret")).isNotBlank();
    stack.log().hide(made.json().getJsonObject("manualWebhook").getString("secret"));
  }

  @Test
  void operatorWithAPersonsTokenNeedsAnAdministrators() {
    String reader = apiToken("reader", "read");
    String admin = apiToken("admin", "admin");

    Reply refused =
        stack.operator().post("/repositories", body(reader).put("email", email("reader")));
    Reply made = stack.operator().post("/repositories", body(admin).put("email", email("admin")));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(stack.tokenService().size(reader)).isZero();
    assertThat(made.status()).isEqualTo(201);
  }

  @Test
  void operatorWithWhatAPersonGotByOAuthNeedsAnAdministrators() {
    String reader = accessToken("reader", "read");
    String admin = accessToken("admin", "admin");

    Reply refused = stack.operator().post("/repositories", body(reader));
    Reply made = stack.operator().post("/repositories", body(admin));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(stack.tokenService().size(reader)).isZero();
    assertThat(made.status()).isEqualTo(201);
  }

  @Test
  void administratorOfYesterdayConnectsNothingToday() {
    person("admin", "admin");
    Browser browser = signedIn("admin");
    String form = browser.formToken(); // what was true then is known
    stack.bitbucket().member(name, nickname("admin"), "read");
    String token = stack.bitbucket().token(name, "repository", "webhook");

    assertThat(post(browser, form, "", body(token)).status()).isEqualTo(403);
  }

  @Test
  void pageWarnsOfUnsignedDeliveries() {
    person("admin", "admin");
    Browser browser = signedIn("admin");
    String token = stack.bitbucket().token(name, "repository", "webhook");

    Reply made = post(browser, body(token).put("allowUnsigned", true));

    String id = made.json().getString("id");
    assertThat(browser.get("/repositories/" + id).body()).contains(Words.UNSIGNED);
    assertThat(browser.get("/").body()).contains("pushes need no signature");
  }

  @Test
  void guessedTokensOfAPersonAreSoonNoLongerShownToBitbucket() {
    person("admin", "admin");
    Browser browser = signedIn("admin");

    for (int i = 0; i < 10; i++) {
      assertThat(post(browser, body("guess-" + i)).status()).isEqualTo(422);
    }

    assertThat(post(browser, body("guess-10")).status()).isEqualTo(429);
    assertThat(stack.operator().post("/repositories", body("guess-11")).status()).isEqualTo(422);
  }

  private Reply post(Browser browser, JsonObject body) {
    return post(browser, "", body);
  }

  private Reply post(Browser browser, String query, JsonObject body) {
    return post(browser, browser.formToken(), query, body);
  }

  private static Reply post(Browser browser, String form, String query, JsonObject body) {
    return browser.post(
        "/api/v1/repositories" + query,
        body.encode(),
        Map.of("content-type", "application/json", "x-form-token", form));
  }

  private JsonObject body(String token) {
    return new JsonObject()
        .put("forge", "bitbucket-cloud")
        .put("fullName", name)
        .put("token", token);
  }

  private Browser signedIn(String who) {
    Browser browser = stack.browser();
    browser.signIn(nickname(who));
    return browser;
  }

  private void person(String who, String permission) {
    stack.bitbucket().person(nickname(who), name, permission);
  }

  private String apiToken(String who, String permission) {
    person(who, permission);
    return stack
        .bitbucket()
        .apiToken(
            nickname(who),
            email(who),
            "read:user:bitbucket",
            "read:repository:bitbucket",
            "read:webhook:bitbucket",
            "write:webhook:bitbucket");
  }

  private String accessToken(String who, String permission) {
    person(who, permission);
    String back = stack.browser().consent(nickname(who), "grant");
    Matcher grant = Pattern.compile("(.*)\\?.*code=([^&]+).*").matcher(back);
    assertThat(grant.matches()).as(back).isTrue();
    return stack.bitbucket().exchange(grant.group(2), grant.group(1)).text("access_token");
  }

  private String nickname(String who) {
    return who + "-" + slug;
  }

  private String email(String who) {
    return nickname(who) + "@example.org";
  }
}
