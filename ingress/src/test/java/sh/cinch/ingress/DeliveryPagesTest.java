package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.KeptHeaders;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.Origin;
import sh.cinch.testkit.Reply;

/** What people see of what came in for a repository, and of what is looked for there. */
@OnStack
class DeliveryPagesTest {

  private final Stack stack;
  private final String name = "acme/" + Stack.slug();
  private final Browser owner;
  private final String id;

  DeliveryPagesTest(Stack stack) {
    this.stack = stack;
    stack.bitbucket().repository(name);
    this.owner = browser("admin");
    Reply page = owner.post("/connect", Map.of("formToken", owner.formToken(), "repository", name));
    this.id = page.body().replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1");
  }

  private Browser browser(String permission) {
    String person = "person-" + Stack.slug();
    stack.bitbucket().person(person, name, permission);
    Browser browser = stack.browser();
    browser.signIn(person);
    return browser;
  }

  @Test
  void deliveriesAreListedWithWhatWasPublished() {
    assertThat(deliveries(owner)).contains("None yet.");
    stack.bitbucket().push(name, "refs/heads/main");
    stack.bitbucket().tag(name, "v1");
    await().until(() -> logged() == 2);

    String section = deliveries(owner);

    assertThat(section)
        .containsSubsequence("</span> published</span>", "<code>tag v1</code>", "1 push published")
        .containsSubsequence("<code>tag v1</code>", "<code>main</code>", "1 push published")
        .contains("<time datetime=\"")
        .doesNotContain("Older deliveries")
        .doesNotContain("<script");
    String body = section.replaceAll("(?s).*?<a href=\"([^\"]+/body)\">.*", "$1");
    assertThat(owner.get(body).status()).isEqualTo(200);
  }

  @Test
  void readersSeeTheListAndNoBodies() {
    stack.bitbucket().push(name, "refs/heads/main");
    await().until(() -> logged() == 1);
    Browser reader = browser("read");

    assertThat(deliveries(reader)).contains("<code>main</code>").doesNotContain("/body");
    String one = deliveries(owner).replaceAll("(?s).*?<a href=\"([^\"]+/body)\">.*", "$1");
    assertThat(reader.get(one).status()).as("as the API does").isEqualTo(403);
  }

  @Test
  void refusedHeldAndTestedOnesAreToldApart() {
    log(401, "wrong-signature", 0, "<b>Enter</b> the secret again", Origin.FORGE);
    log(202, "held", 0, null, Origin.FORGE);
    log(503, "no-room", 0, null, Origin.FORGE);
    log(202, "published", 1, null, Origin.simulatedFor("person"));

    String section = deliveries(owner);

    assertThat(section)
        .containsSubsequence(
            "</span> published</span>", "<strong>test</strong>", "1 push published")
        .containsSubsequence(
            "</span> no room</span>", "Bitbucket tries again twice", "nothing published")
        .containsSubsequence("</span> held</span>", "within a minute", "nothing published")
        .containsSubsequence(
            "</span> wrong signature</span>", "&lt;b&gt;Enter&lt;/b&gt; the secret again");
    assertThat(section.split("/body", -1)).as("of all but the refused one").hasSize(4);
  }

  @Test
  void olderOnesAreLinkedTo() {
    for (int i = 0; i < 21; i++) {
      log(200, "nothing-changed", 0, null, Origin.FORGE);
    }

    String section = deliveries(owner);
    String older = section.replaceAll("(?s).*<a href=\"([^\"]+)\">Older.*", "$1");

    assertThat(section.split("<li>", -1)).hasSize(21);
    assertThat(owner.get(older.replace("&amp;", "&")).json().getJsonArray("items")).hasSize(1);
  }

  @Test
  void textsOfOthersAreNoMarkup() {
    log(202, "published", 1, null, Origin.FORGE, "refs/heads/<script>alert(1)</script>\u202e");

    assertThat(deliveries(owner)).contains("&lt;script&gt;").doesNotContain("<script>", "\u202e");
  }

  @Test
  void theLastLookIsInTheApiAsOnThePage() {
    await().until(() -> owner.get("/api/v1/repositories/" + id).json().containsKey("lastLook"));

    JsonObject look = owner.get("/api/v1/repositories/" + id).json().getJsonObject("lastLook");

    assertThat(look.getInstant("at")).isBeforeOrEqualTo(Instant.now());
    assertThat(look.getInstant("nextAt")).isAfter(look.getInstant("at"));
    assertThat(look.getInteger("missed")).isZero();
    assertThat(look.getInteger("roundSeconds")).isGreaterThanOrEqualTo(45);
    assertThat(look.getInteger("foundWithinSeconds"))
        .isEqualTo(look.getInteger("roundSeconds") + 70);
    assertThat(owner.get("/repositories/" + id).body()).contains("Compared with Bitbucket on");
  }

  private String deliveries(Browser browser) {
    String page = browser.get("/repositories/" + id).body();
    assertThat(page).contains("<div id=\"deliveries\" data-live>");
    return page.replaceAll("(?s).*(<div id=\"deliveries\".*?</section>).*", "$1");
  }

  private int logged() {
    return owner
        .get("/api/v1/repositories/" + id + "/deliveries")
        .json()
        .getJsonArray("items")
        .size();
  }

  private void log(
      int answer,
      String outcome,
      int events,
      @Nullable String reason,
      Origin origin,
      String... refs) {
    new Deliveries(stack.context().database())
        .addOwn(
            new LoggedDelivery(
                UUID.randomUUID(),
                UUID.fromString(
                    owner
                        .get("/api/v1/repositories/" + id)
                        .json()
                        .getJsonObject("webhook")
                        .getString("id")),
                UUID.fromString(id),
                "repo:push",
                Optional.empty(),
                1,
                "",
                "0".repeat(64),
                answer,
                outcome,
                events,
                Optional.ofNullable(reason),
                Instant.now(),
                Optional.empty(),
                KeptHeaders.NONE,
                List.of(refs),
                origin));
  }
}
