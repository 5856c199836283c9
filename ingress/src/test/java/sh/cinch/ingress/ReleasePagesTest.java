package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.ingress.running.ReleaseEvents.file;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.running.ReleaseEvents;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.EventStream;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseEvent.FileState;
import sh.cinch.schema.event.ReleaseEvent.State;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.testkit.Reply;

/** What people see of releases. */
@OnStack
class ReleasePagesTest {

  private static final String SCRIPT = "<script>alert(1)</script>";

  private final Stack stack;
  private final String name = "acme/" + Stack.slug();
  private final Browser browser;
  private final UUID id;
  private final ReleaseEvents events;

  ReleasePagesTest(Stack stack) {
    this.stack = stack;
    String owner = "owner-" + Stack.slug();
    stack.bitbucket().repository(name);
    stack.bitbucket().person(owner, name, "admin");
    this.browser = stack.browser();
    browser.signIn(owner);
    Reply page =
        browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));
    this.id = UUID.fromString(page.body().replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1"));
    this.events = new ReleaseEvents(id, UUID.randomUUID().toString(), "v1.4.0");
  }

  @Test
  void withoutAnyThePageSaysWhatReleasesAre() {
    shows("None yet. What <code>cinch release</code> sends", Words.RELEASES);
  }

  @Test
  void releaseIsShownWithItsFiles() {
    stack.write(
        events.request(
            new ReleaseRequest.File(
                "my app", "https://r.example/a", 3_000_000L, "a".repeat(64), null),
            file("b")));
    shows("<strong>v1.4.0</strong>", "on its way", "my_app", "2.9 MiB", "v1.4.0-SHA256SUMS");
    stack.write(
        events.stands(
            1,
            State.FAILED,
            null,
            List.of("An older my_app was replaced."),
            "One file of three failed.",
            file("my app", FileState.DELIVERED, null),
            file("b", FileState.FAILED, "Its checksum differs.", "It was tried twice."),
            file("v1.4.0-SHA256SUMS", FileState.SUPERSEDED, null)));

    shows(
        "<strong>v1.4.0</strong> <code>" + ReleaseEvents.COMMIT.substring(0, 12) + "</code>",
        "</span> failed</span>",
        "One file of three failed.",
        "An older my_app was replaced.",
        "<a href=\"https://bitbucket.org/acme/app/downloads/my_app\" rel=\"noreferrer\">my_app</a>",
        "10 bytes",
        "superseded",
        "built as my app",
        "Its checksum differs.",
        "It was tried twice.",
        "v1.4.0-SHA256SUMS");
    assertThat(browser.get("/").body()).doesNotContain("downloads/b\"", "<details");
  }

  @Test
  void whatOthersWroteIsShownAndNotRun() {
    ReleaseEvents evil = new ReleaseEvents(id, "\"><b>" + UUID.randomUUID(), "v1" + SCRIPT);
    ReleaseRequest.File[] files =
        IntStream.range(0, 20).mapToObj(i -> file(i + SCRIPT)).toArray(ReleaseRequest.File[]::new);
    stack.write(evil.request(files));
    shows("v1&lt;script&gt;", "built as 0&lt;script&gt;");
    assertThat(browser.get("/").body()).doesNotContain("<script>", "<b>");
    stack.write(
        evil.stands(
            1,
            State.FAILED,
            null,
            List.of("note" + SCRIPT),
            "whole" + SCRIPT,
            file("0" + SCRIPT, FileState.FAILED, "reason" + SCRIPT, "warning" + SCRIPT)));

    shows(
        "v1&lt;script&gt;",
        "built as 0&lt;script&gt;",
        "reason&lt;script&gt;",
        "warning&lt;script&gt;",
        "whole&lt;script&gt;",
        "note&lt;script&gt;");
    assertThat(browser.get("/").body()).doesNotContain("<script>", "<b>");
  }

  @Test
  void manyFilesAreFoldedAndThoseThatFailedAreNot() {
    ReleaseEvent.File[] files =
        IntStream.range(0, 201)
            .mapToObj(
                i ->
                    file(
                        "file-%03d".formatted(i),
                        i == 0 ? FileState.DELIVERED : i == 100 ? FileState.FAILED : FileState.OPEN,
                        i == 100 ? "Refused." : null))
            .toArray(ReleaseEvent.File[]::new);
    stack.write(events.stands(1, State.SENDING, null, files));

    shows("201 files, 1 on Bitbucket, 1 failed");
    String page = browser.get("/repositories/" + id).body();
    String unfolded = page.substring(page.indexOf("v1.4.0"), page.indexOf("<details"));
    assertThat(unfolded).contains("file-100", "Refused.").doesNotContain("file-000");
    assertThat(page.substring(page.indexOf("<details"))).contains("file-000", "file-199");
  }

  @Test
  void openPageHearsOfIt() throws Exception {
    try (EventStream stream = new EventStream(stack.url().getPort(), browser)) {
      await().until(() -> stream.lines().contains(": connected"));
      stack.write(events.request(file("a")));
      await().until(() -> told(stream) == 1);
      stack.write(events.stands(1, State.SENDING, null));
      await().until(() -> told(stream) == 2);
      stack.write(events.stands(2, State.DELIVERED, null));
      await().until(() -> told(stream) == 3);
    }
  }

  @Test
  void strangersSeeNone() {
    stack.write(events.request(file("only-for-owners")));
    shows("only-for-owners");
    String stranger = "stranger-" + Stack.slug();
    stack.bitbucket().repository("other/" + stranger);
    stack.bitbucket().person(stranger, "other/" + stranger, "admin");
    Browser foreign = stack.browser();
    foreign.signIn(stranger);

    assertThat(foreign.get("/").body()).contains("Releases").doesNotContain("only-for-owners");
    assertThat(foreign.get("/repositories/" + id).status()).isEqualTo(404);
  }

  private long told(EventStream stream) {
    return stream.lines().stream().filter(line -> line.equals("data: " + id)).count();
  }

  private void shows(String... texts) {
    for (String page : List.of("/", "/repositories/" + id)) {
      await().untilAsserted(() -> assertThat(browser.get(page).body()).contains(texts));
    }
  }
}
