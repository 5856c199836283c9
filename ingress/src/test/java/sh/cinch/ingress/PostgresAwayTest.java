package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnOtherStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.service.Running;
import sh.cinch.testkit.CuttableConnection;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.TestServers;

/** The database of a running ingress does not answer for a while. */
@OnOtherStack
class PostgresAwayTest {

  private final Stack stack;
  private final Running running = new Running();

  PostgresAwayTest(Stack stack) {
    this.stack = stack;
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void programsAndPeopleAreToldToTryAgain() {
    CuttableConnection database =
        running.with(CuttableConnection.to(TestServers.shared().postgresPort()));
    int port = stack.another(running, database).port();
    Browser browser = stack.browser(port);
    browser.signIn("ada");
    database.cut();

    Reply program = stack.operator(port).get("/repositories");
    assertThat(program.status()).isEqualTo(503);
    assertThat(program.header("retry-after")).isEqualTo("5");
    assertThat(program.header("content-type")).isEqualTo("application/problem+json");
    assertThat(program.text("detail")).contains("PostgreSQL").contains("does not answer");

    Reply page = browser.get("/");
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.header("retry-after")).isEqualTo("5");
    assertThat(page.header("content-type")).startsWith("text/html");
    assertThat(page.body()).contains("PostgreSQL").contains("does not answer");
    assertThat(stack.log().lines()).noneMatch(line -> line.contains("failed method=GET"));

    database.mend();
    await().until(() -> stack.operator(port).get("/repositories").status() == 200);
    await().until(() -> browser.get("/").status() == 200);
  }
}
