package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.testkit.Reply;

/** Of all that a stack's tests have brought so far. */
abstract class Secrecy {

  private final Stack stack;

  Secrecy(Stack stack) {
    this.stack = stack;
  }

  @Test
  void noSecretIsLoggedOrShown() {
    String name = "acme/" + Stack.slug();
    stack.bitbucket().repository(name);
    Browser browser = stack.browser();
    browser.signIn("ada");
    Reply page =
        browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));
    stack.bitbucket().push(name);
    String token = stack.bitbucket().token(name, "repository", "webhook");
    Reply refused =
        stack
            .operator()
            .post(
                "/repositories",
                new JsonObject()
                    .put("forge", "bitbucket-cloud")
                    .put("fullName", name)
                    .put("token", token));

    String shown = page.body() + browser.get("/").body() + browser.get("/connect").body();
    String metrics = browser.get(stack.managementUrl() + "/metrics").body();

    List<String> secrets = new ArrayList<>(stack.log().secrets());
    secrets.addAll(stack.bitbucket().issued());
    assertThat(secrets).contains(token).hasSizeGreaterThan(6);
    assertThat(stack.log().lines()).isNotEmpty();
    for (String secret : secrets) {
      assertThat(stack.log().lines()).noneMatch(line -> line.contains(secret));
      assertThat(shown + refused.body() + metrics).doesNotContain(secret);
    }
  }
}
