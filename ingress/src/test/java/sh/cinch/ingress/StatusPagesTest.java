package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.StatusEvents;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.testkit.Reply;

/** What people see of commit statuses. */
@OnStack
class StatusPagesTest {

  private static final String SCRIPT = "<script>alert(1)</script>";

  private final Stack stack;
  private final Browser browser;
  private final UUID id;
  private final StatusEvents unit;

  StatusPagesTest(Stack stack) {
    this.stack = stack;
    String name = "acme/" + Stack.slug();
    String owner = "owner-" + Stack.slug();
    stack.bitbucket().repository(name);
    stack.bitbucket().person(owner, name, "admin");
    this.browser = stack.browser();
    browser.signIn(owner);
    Reply page =
        browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));
    this.id = UUID.fromString(page.body().replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1"));
    this.unit = StatusEvents.of(id, "unit");
  }

  @Test
  void statusThatBitbucketShowsIsShownInWords() {
    UUID delivery = UUID.randomUUID();
    stack.write(
        unit.record(
            unit.event(1)
                .put("description", "412 passed")
                .put("url", "https://ci.example.com/412")
                .put("deliveryId", delivery.toString())));

    String page =
        shows(
            "</span> passed</span>",
            "<a href=\"https://ci.example.com/412\" rel=\"noreferrer\">Unit tests</a>",
            "412 passed",
            "</span> on Bitbucket</span>",
            "<a href=\"/api/v1/deliveries/" + delivery + "\">delivery</a>");
    assertThat(page).doesNotContain("Bitbucket shows");
  }

  @Test
  void refsOfOneKeyAreTwoLines() {
    stack.write(unit.ref("refs/heads/main").stands(1));
    stack.write(unit.ref("refs/tags/v1.0.0").stands(2));

    String page =
        shows(
            "<span class=\"quiet-text\">main</span>",
            "<span class=\"quiet-text\">tag v1.0.0</span>");
    assertThat(page.split("Unit tests", -1)).hasSize(3);
  }

  @Test
  void statusThatWaitsSaysForWhatAndWhatBitbucketShowsMeanwhile() {
    JsonObject waiting =
        unit.event(1)
            .put("outcome", "waiting")
            .put("waitingFor", "rate-limit")
            .put("reason", "Its limit is used up.");
    waiting.getJsonObject("shown").put("state", "INPROGRESS");
    stack.write(unit.record(waiting));

    shows(
        "</span> passed</span>",
        "waiting for Bitbucket's rate limit",
        "Bitbucket shows “in progress”.",
        "Its limit is used up.");
  }

  @Test
  void statusThatWasNeverShownSaysSo() {
    stack.write(
        unit.record(
            unit.event(1).putNull("shown").put("outcome", "pending").put("wanted", "running")));
    String page = shows("</span> running</span>", "not on Bitbucket yet");
    assertThat(page).doesNotContain("Bitbucket shows");

    stack.write(
        unit.record(
            unit.event(2)
                .putNull("shown")
                .put("outcome", "failed")
                .put("wanted", "cancelled")
                .put("reason", "The commit is not there.")
                .put("warnings", new JsonArray().add("Its key was cut."))));
    shows(
        "</span> cancelled</span>",
        "</span> not on Bitbucket</span>",
        "The commit is not there.",
        "Its key was cut.");
  }

  @Test
  void whatOthersWroteIsShownAndNotRun() {
    stack.write(
        unit.ref("refs/heads/" + SCRIPT)
            .record(
                unit.ref("refs/heads/" + SCRIPT)
                    .event(1)
                    .put("name", "name" + SCRIPT)
                    .put("description", "d".repeat(60_000) + SCRIPT)
                    .put("url", "data:text/html,x")
                    .put("deliveryId", SCRIPT)
                    .put("warnings", new JsonArray().add("warning" + SCRIPT))));

    String page = shows("name&lt;script&gt;", "warning&lt;script&gt;", "dddd…</span>");
    assertThat(page).doesNotContain("<script>", "data:text", "/deliveries/", "d".repeat(300));
  }

  /** The repository's page, the start page saying the same. */
  private String shows(String... texts) {
    for (String page : List.of("/", "/repositories/" + id)) {
      await().untilAsserted(() -> assertThat(browser.get(page).body()).contains(texts));
    }
    return browser.get("/repositories/" + id).body();
  }
}
