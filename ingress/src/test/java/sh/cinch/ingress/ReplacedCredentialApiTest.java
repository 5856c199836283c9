package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.Reply;

/** What becomes of a repository's credential once another has taken its place. */
@OnStack
class ReplacedCredentialApiTest {

  private final Stack stack;
  private final Api operator;
  private final FakeTokenService credentials;
  private final String name = "acme/" + Stack.slug();

  ReplacedCredentialApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    this.credentials = stack.tokenService();
    stack.bitbucket().repository(name);
  }

  @Test
  void itIsKeptForWhatItBegan() {
    UUID first = credential(connect("", token()));
    UUID second = credential(connect("", token()));
    UUID third = credential(connect("", token()));

    assertThat(credentials.keeps(first)).isTrue();
    assertThat(credentials.keeps(second)).isTrue();
    assertThat(credentials.keeps(third)).isFalse();
  }

  @Test
  void whoeverSaysSoHasAllOfThemErased() {
    UUID first = credential(connect("", token()));
    UUID second = credential(connect("", token()));
    String token = token();
    UUID third = credential(connect("?forget=true", token));

    assertThat(credentials.has(first)).isFalse();
    assertThat(credentials.has(second)).isFalse();
    assertThat(credentials.has(third)).isTrue();

    UUID fourth = credential(connect("", token()));
    assertThat(credentials.keeps(third)).isTrue();
    UUID again = credential(connect("?forget=true", token));
    assertThat(again).isEqualTo(third);
    assertThat(credentials.keeps(third)).isFalse();
    assertThat(credentials.has(third)).isTrue();
    assertThat(credentials.has(fourth)).isFalse();
  }

  @Test
  void disconnectingErasesThemToo() {
    Reply connected = connect("", token());
    UUID second = credential(connect("", token()));
    operator.delete("/repositories/" + connected.text("id"));

    assertThat(credentials.has(credential(connected))).isFalse();
    assertThat(credentials.has(second)).isFalse();
  }

  /** As pasted again meanwhile, for another repository: nobody says once more that it was. */
  @Test
  void itIsHandedOverOnce() {
    UUID first = credential(connect("", token()));
    connect("", token());
    assertThat(credentials.keeps(first)).isTrue();
    credentials.stands(first, "healthy", "it was pasted again");
    connect("", token());
    assertThat(credentials.keeps(first)).isFalse();
  }

  @Test
  void connectedAgainItIsTheRepositorysOwn() {
    String token = token();
    UUID first = credential(connect("", token));
    UUID second = credential(connect("", token()));
    assertThat(credential(connect("", token))).isEqualTo(first);

    assertThat(credentials.keeps(first)).isFalse();
    assertThat(credentials.has(first)).isTrue();
    assertThat(credentials.keeps(second)).isTrue();
  }

  @Test
  void whereOtherRepositoriesAreConnectedWithItItLivesOn() {
    String other = "acme/" + Stack.slug();
    stack.bitbucket().repository(other);
    String owner = "owner-" + Stack.slug();
    stack.bitbucket().person(owner, name, "admin");
    stack.bitbucket().member(other, owner, "admin");
    Browser browser = stack.browser();
    browser.signIn(owner);
    String here = connect(browser, name);
    String there = connect(browser, other);
    UUID grant = credential(operator.get("/repositories/" + here));
    assertThat(credential(operator.get("/repositories/" + there))).isEqualTo(grant);

    connect("?replace=true", token());
    browser.post("/sign-out", Map.of("formToken", browser.formToken()));
    assertThat(credentials.keeps(grant)).isFalse();
    assertThat(credentials.has(grant)).isTrue();

    String notes = operator.delete("/repositories/" + there).json().getJsonArray("notes").encode();
    assertThat(credentials.keeps(grant)).as("for what it began on the first").isTrue();
    assertThat(notes).contains("Another repository was connected with it within the last day");
    operator.delete("/repositories/" + here);
    assertThat(credentials.has(grant)).isFalse();
  }

  @Test
  void whoIsSignedInWithItLeavesItBehindWhenTheyGo() {
    String owner = "owner-" + Stack.slug();
    stack.bitbucket().person(owner, name, "admin");
    Browser browser = stack.browser();
    browser.signIn(owner);
    UUID grant = credential(operator.get("/repositories/" + connect(browser, name)));
    connect("?replace=true", token());
    assertThat(credentials.keeps(grant)).isFalse();

    browser.post("/sign-out", Map.of("formToken", browser.formToken()));
    assertThat(credentials.keeps(grant)).isTrue();
  }

  private String connect(Browser browser, String repository) {
    return browser
        .post("/connect", Map.of("formToken", browser.formToken(), "repository", repository))
        .body()
        .replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1");
  }

  private Reply connect(String query, String token) {
    return operator.post(
        "/repositories" + query,
        new JsonObject().put("forge", "bitbucket-cloud").put("fullName", name).put("token", token));
  }

  private String token() {
    return stack.bitbucket().token(name, "repository", "webhook");
  }

  private static UUID credential(Reply repository) {
    return UUID.fromString(repository.json().getJsonObject("credential").getString("id"));
  }
}
