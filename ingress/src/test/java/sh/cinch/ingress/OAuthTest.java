package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.HttpCookie;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.Reply;

@OnStack
class OAuthTest {

  private final Stack stack;

  OAuthTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void landingPageShowsTheScopeTextBesideItsButton() {
    Reply page = stack.browser().get("/");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("<a class=\"button\" href=\"/auth/bitbucket\">Add Bitbucket</a>")
        .contains(Words.OAUTH_SCOPE);
  }

  @Test
  void roundTripEndsSignedInOnTheRepositories() {
    String slug = Stack.slug();
    stack.bitbucket().repository("acme/" + slug);
    Browser browser = stack.browser();

    Reply end = browser.signIn("ada");

    assertThat(end.status()).isEqualTo(200);
    assertThat(end.body())
        .contains("Choose repositories")
        .contains("Ada Admin")
        .contains("name=\"repository\" value=\"acme/" + slug + "\"");
  }

  @Test
  void sessionCookieIsKeptFromScriptsAndForeignForms() {
    Browser browser = stack.browser();
    String callback = browser.consent("ada", "grant");

    Reply back = browser.get(callback);

    assertThat(back.headers().allValues("set-cookie"))
        .filteredOn(cookie -> cookie.startsWith("cinch_session="))
        .singleElement()
        .asString()
        .contains("HTTPOnly")
        .contains("SameSite=Lax")
        .contains("Path=/");
  }

  @Test
  void missingStateIsRefused() {
    assertThat(stack.browser().get("/auth/bitbucket/callback?code=x").status()).isEqualTo(400);
  }

  @Test
  void wrongStateIsRefused() {
    Browser browser = stack.browser();
    String callback = browser.consent("ada", "grant");

    Reply back = browser.get(callback.replaceFirst("state=[^&]+", "state=somethingelse"));

    assertThat(back.status()).isEqualTo(400);
    assertThat(back.body()).contains("This sign-in is over");
  }

  @Test
  void stateIsGoodOnce() {
    Browser browser = stack.browser();
    String callback = browser.consent("ada", "grant");
    browser.get(callback);

    assertThat(browser.get(callback).status()).isEqualTo(400);
  }

  @Test
  void stateOfAnotherBrowserIsRefusedAndNotUsedUp() {
    Browser own = stack.browser();
    String callback = own.consent("ada", "grant");
    Browser foreign = stack.browser();
    foreign.get("/auth/bitbucket");

    Reply stolen = foreign.get(callback);

    assertThat(stolen.status()).isEqualTo(400);
    assertThat(foreign.get("/").body()).contains("Add Bitbucket");
    assertThat(own.get(callback).status()).isEqualTo(303);
  }

  @Test
  void denialIsAPlainPage() {
    Browser browser = stack.browser();

    Reply back = browser.get(browser.consent("ada", "deny"));

    assertThat(back.status()).isEqualTo(403);
    assertThat(back.body()).contains("You did not grant access");
    assertThat(browser.cookies()).extracting(HttpCookie::getName).doesNotContain("cinch_session");
  }

  @Test
  void twoTabsSignInWithoutUndoingEachOther() {
    Browser browser = stack.browser();
    String first = browser.consent("ada", "grant");
    String second = browser.consent("ada", "grant");

    assertThat(browser.get(first).status()).isEqualTo(303);
    assertThat(browser.get(second).status()).isEqualTo(303);
  }

  @Test
  void anotherAccountIsAskedAbout() {
    String slug = Stack.slug();
    stack.bitbucket().repository("acme/" + slug);
    stack.bitbucket().person("bert-" + slug, "acme/" + slug, "admin");
    Browser browser = stack.browser();
    browser.signIn("ada");

    Reply question = browser.signIn("bert-" + slug);

    assertThat(question.body()).contains("Which account?");
    assertThat(browser.get("/").body()).contains("Ada Admin").doesNotContain("bert-" + slug);
    Reply chosen =
        browser.post(
            "/auth/bitbucket/account",
            Map.of("formToken", accountForm(question), "answer", "switch"));
    assertThat(chosen.header("location")).isEqualTo("/connect");
    assertThat(browser.get("/").body()).contains("bert-" + slug).doesNotContain("Ada Admin");
  }

  @Test
  void stayingKeepsTheFirstAccount() {
    String slug = Stack.slug();
    stack.bitbucket().repository("acme/" + slug);
    stack.bitbucket().person("carl-" + slug, "acme/" + slug, "admin");
    Browser browser = stack.browser();
    browser.signIn("ada");
    Reply question = browser.signIn("carl-" + slug);

    browser.post(
        "/auth/bitbucket/account", Map.of("formToken", accountForm(question), "answer", "stay"));

    assertThat(browser.get("/").body()).contains("Ada Admin").doesNotContain("carl-" + slug);
  }

  @Test
  void signingOutEndsTheSession() {
    Browser browser = stack.browser();
    browser.signIn("ada");

    browser.post("/sign-out", Map.of("formToken", browser.formToken()));

    assertThat(browser.get("/").body()).contains("Add Bitbucket");
    assertThat(browser.get("/connect").header("location")).isEqualTo("/");
  }

  @Test
  void signingOutTakesAFormOfThisSession() {
    Browser browser = stack.browser();
    browser.signIn("ada");

    assertThat(browser.post("/sign-out", Map.of("formToken", "guessed")).status()).isEqualTo(403);
    assertThat(browser.get("/").body()).contains("Ada Admin");
  }

  @Test
  void anotherSiteSignsNobodyOut() {
    Reply signedOut = stack.browser().post("/sign-out", Map.of("formToken", "guessed"));

    assertThat(signedOut.status()).isEqualTo(401);
    assertThat(signedOut.headers().map()).doesNotContainKey("set-cookie");
  }

  @Test
  void garbageCodesAreSoonNoLongerShownToBitbucket() {
    try (RunningService another = stack.another()) {
      Browser browser = stack.browser(another.port());
      int before = stack.bitbucket().tokenRequests();

      for (int i = 0; i < 10; i++) {
        assertThat(browser.get(callback(browser, "garbage")).status()).isEqualTo(422);
      }
      Reply last = browser.get(callback(browser, "garbage"));

      assertThat(last.status()).isEqualTo(429);
      assertThat(last.body()).contains("Try again in 10 minutes");
      assertThat(stack.bitbucket().tokenRequests() - before).isEqualTo(10);
    }
  }

  private static String callback(Browser browser, String code) {
    String state =
        browser.get("/auth/bitbucket").header("location").replaceAll(".*state=([^&]+).*", "$1");
    return "/auth/bitbucket/callback?code=%s&state=%s".formatted(code, state);
  }

  @Test
  void redirectGoesToBitbucketAndNowhereElse() {
    String location = stack.browser().get("/auth/bitbucket").header("location");

    assertThat(URI.create(location).getAuthority())
        .isEqualTo(stack.bitbucket().url().getAuthority());
    assertThat(location).contains("response_type=code").contains("state=").doesNotContain("scope");
  }

  /** The first form token on the page is the header's, of the account signed in. */
  private static String accountForm(Reply question) {
    return Browser.hidden(
        new Reply(
            question.status(),
            question.headers(),
            question.body().substring(question.body().indexOf("<main"))),
        "formToken");
  }
}
