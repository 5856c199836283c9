package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.EventStream;
import sh.cinch.ingress.stack.OnOtherStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.Reply;

@OnOtherStack
class PublicPortTest {

  private final Stack stack;

  PublicPortTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void healthIsABareWord() {
    assertThat(stack.browser().get("/health/live").body()).isEqualTo("live\n");
    await()
        .untilAsserted(
            () -> assertThat(stack.browser().get("/health/ready").body()).isEqualTo("ready\n"));
  }

  @Test
  void metricsAreOnTheManagementPortOnly() {
    assertThat(stack.browser().get("/metrics").status()).isEqualTo(404);
    assertThat(stack.browser().get(stack.managementUrl() + "/metrics").body())
        .contains("cinch_outbox_sent");
  }

  @Test
  void pagesRunNothingForeign() {
    Reply page = stack.browser().get("/");

    assertThat(page.header("content-security-policy"))
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(page.header("referrer-policy")).isEqualTo("same-origin");
    assertThat(page.header("cache-control")).isEqualTo("no-store");
    assertThat(page.body()).doesNotContain("style=").doesNotContain("onclick");
  }

  @Test
  void styleAndScriptAreServed() {
    assertThat(stack.browser().get("/static/cinch.css").header("content-type"))
        .startsWith("text/css");
    assertThat(stack.browser().get("/static/live.js").header("content-type"))
        .contains("javascript");
    assertThat(stack.browser().get("/static/cinch.svg").header("content-type"))
        .startsWith("image/svg");
    assertThat(stack.browser().get("/static/../openapi.json").status()).isEqualTo(404);
  }

  @Test
  void unknownPageIsAPage() {
    Reply page = stack.browser().get("/nowhere");

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.header("content-type")).startsWith("text/html");
  }

  @Test
  void signedInPageHearsOfAPush() throws Exception {
    String name = "acme/" + Stack.slug();
    stack.bitbucket().repository(name);
    Browser browser = stack.browser();
    browser.signIn("ada");
    browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));

    try (EventStream events = new EventStream(stack.url().getPort(), browser)) {
      await().until(() -> events.lines().contains(": connected"));
      stack.bitbucket().push(name);

      await().until(() -> events.lines().contains("event: change"));
      await()
          .untilAsserted(
              () -> assertThat(browser.get("/").body()).contains("<strong>main</strong>"));
    }
  }

  @Test
  void pageHearsNothingOfOthersRepositories() throws Exception {
    String hidden = "acme/" + Stack.slug();
    String own = "other/" + Stack.slug();
    String user = "user-" + Stack.slug();
    stack.bitbucket().repository(hidden);
    stack.bitbucket().repository(own);
    stack.bitbucket().person(user, own, "admin");
    Browser ada = stack.browser();
    ada.signIn("ada");
    ada.post("/connect", "formToken=" + ada.formToken() + "&repository=" + hidden);
    Browser browser = stack.browser();
    browser.signIn(user);
    Reply connected =
        browser.post("/connect", "formToken=" + browser.formToken() + "&repository=" + own);

    try (EventStream events = new EventStream(stack.url().getPort(), browser)) {
      await().until(() -> events.lines().contains(": connected"));
      stack.bitbucket().push(hidden);
      stack.bitbucket().push(own);

      await().until(() -> events.lines().contains("event: change"));
      assertThat(events.lines())
          .filteredOn(line -> line.startsWith("data: "))
          .allSatisfy(line -> assertThat(connected.body()).contains(line.substring(6)));
    }
  }

  @Test
  void streamEndsWithItsSession() throws Exception {
    Browser browser = stack.browser();
    browser.signIn("ada");

    try (EventStream events = new EventStream(stack.url().getPort(), browser)) {
      await().until(() -> events.lines().contains(": connected"));
      browser.post("/sign-out", Map.of("formToken", browser.formToken()));

      await().atMost(Duration.ofSeconds(15)).until(events::hasEnded);
    }
  }

  @Test
  void anyInstanceServesASessionAndStopsAtOnceThoughPagesAreOpen() throws Exception {
    Browser browser = stack.browser();
    browser.signIn("ada");
    RunningService other = stack.another();

    assertThat(browser.get("http://localhost:" + other.port() + "/").body()).contains("Ada Admin");
    try (EventStream events = new EventStream(other.port(), browser)) {
      await().until(() -> events.lines().contains(": connected"));
      assertTimeout(Duration.ofSeconds(8), other::close);
      await().until(events::hasEnded);
    }
  }

  @Test
  void nobodyHearsNothing() {
    assertThat(stack.browser().get("/events").status()).isEqualTo(401);
  }

  @Test
  void deliveriesAreListed() {
    String name = "acme/" + Stack.slug();
    stack.bitbucket().repository(name);
    JsonObject made =
        stack
            .operator()
            .post(
                "/repositories",
                new JsonObject()
                    .put("forge", "bitbucket-cloud")
                    .put("fullName", name)
                    .put("token", stack.bitbucket().token(name, "repository", "webhook")))
            .json();
    stack.bitbucket().push(name);
    String path = "/repositories/" + made.getString("id") + "/deliveries";

    await()
        .untilAsserted(
            () -> assertThat(stack.operator().get(path).json().getJsonArray("items")).hasSize(1));
    JsonObject delivery = stack.operator().get(path).json().getJsonArray("items").getJsonObject(0);
    assertThat(delivery.getInteger("answer")).isEqualTo(202);
    assertThat(delivery.getInteger("events")).isEqualTo(1);
    JsonObject alone = stack.operator().get("/deliveries/" + delivery.getString("id")).json();
    // What it led to is shown of one delivery alone.
    List.of("headers", "pushes", "statuses", "releases")
        .forEach(led -> assertThat(alone.remove(led)).isNotNull());
    alone.remove("bodyBytes"); // once it is written
    assertThat(alone).isEqualTo(delivery);
  }
}
