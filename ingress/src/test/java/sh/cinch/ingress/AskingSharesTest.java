package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.Reply;

/** What one person's pages ask of Bitbucket is a share of what it allows. */
@OnStack
class AskingSharesTest {

  private static final String ASKED = "/2.0/user/workspaces";

  private final Stack stack;
  private final Browser browser;

  AskingSharesTest(Stack stack) {
    this.stack = stack;
    String slug = Stack.slug();
    stack.bitbucket().repository("acme/" + slug);
    stack.bitbucket().person(slug, "acme/" + slug, "admin");
    browser = stack.browser();
    browser.signIn(slug);
  }

  @Test
  void howeverOftenAPageIsLoadedBitbucketIsAskedOnce() {
    try (RunningService counting = counting(1_000)) {
      int before = stack.bitbucket().requests("GET", ASKED);
      for (int i = 0; i < 20; i++) {
        assertThat(connectPage(counting).status()).isEqualTo(200);
      }
      assertThat(stack.bitbucket().requests("GET", ASKED) - before).isOne();
    }
  }

  @Test
  void aShareThatIsSpentSaysWhenItGoesOn() {
    try (RunningService counting = counting(10)) {
      int before = stack.bitbucket().requests("GET", ASKED);

      Reply refused = connectPage(counting);

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("times an hour").contains("Try again in");
      assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 3_600);
      assertThat(stack.bitbucket().requests("GET", ASKED) - before).isLessThan(2);
    }
  }

  private RunningService counting(int hourlyLimit) {
    return stack.another(stack.artifacts(), hourlyLimit, stack.context().clock());
  }

  private Reply connectPage(RunningService instance) {
    return browser.get("http://localhost:" + instance.port() + "/connect");
  }
}
