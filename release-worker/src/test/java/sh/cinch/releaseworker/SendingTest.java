package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.WAITING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.Outcome;
import sh.cinch.testkit.SimulatedBitbucket.StoredFile;

/** What is asked for is in the downloads, whole, and everybody is told. */
class SendingTest {

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();

  @AfterEach
  void mend() {
    stack.mend();
  }

  @Test
  void everyFileIsThereAndTold() {
    byte[] one = Project.bytes(1, 3_000_000);
    byte[] two = Project.bytes(2, 17);
    ObjectNode request = project.request("linux.tar.gz", one);
    String event = project.ask(project.with(request, "windows.zip", two));

    Outcome release = project.await(event, DELIVERED);

    assertThat(project.downloads())
        .containsOnly(
            Map.entry("linux.tar.gz", new StoredFile(one.length, Project.sha256(one), 0)),
            Map.entry("windows.zip", new StoredFile(two.length, Project.sha256(two), 0)));
    assertThat(project.files(event))
        .extracting(Outcome::file, Outcome::result, Outcome::httpStatus, Outcome::attempts)
        .containsExactlyInAnyOrder(
            tuple("linux.tar.gz", DELIVERED, 201, 1), tuple("windows.zip", DELIVERED, 201, 1));
    assertThat(release.tag()).isEqualTo(Project.TAG);
    assertThat(release.commit()).isEqualTo(project.commit);
    assertThat(release.repository()).isEqualTo(project.repository);
    assertThat(release.latencyMs()).isNotNull();
    assertThat(release.reason()).isNull();
  }

  @Test
  void anEmptyFileIsAFile() {
    String event = project.ask(project.request("empty", new byte[0]));
    project.await(event, DELIVERED);
    assertThat(project.stored("empty").size()).isZero();
  }

  @Test
  void checksumsComeLastAndAreNamedForTheTag() {
    byte[] one = Project.bytes(1, 100);
    byte[] two = Project.bytes(2, 100);
    ObjectNode request = project.with(project.request("b", one), "a", two);
    request.remove("options");

    String event = project.ask(request);
    project.await(event, DELIVERED);

    String text = "%s  a\n%s  b\n".formatted(Project.sha256(two), Project.sha256(one));
    byte[] expected = text.getBytes(StandardCharsets.UTF_8);
    assertThat(project.downloads().get("v1.4.0-SHA256SUMS"))
        .isEqualTo(new StoredFile(expected.length, Project.sha256(expected), 0));
    assertThat(project.files(event)).extracting(Outcome::file).endsWith("v1.4.0-SHA256SUMS");
  }

  @Test
  void namesFollowThePattern() {
    ObjectNode request = project.request("my app.zip", Project.bytes(1, 10));
    request.putObject("options").put("name", "{tag}-{name}").put("checksums", false);

    String event = project.ask(request);
    Outcome release = project.await(event, DELIVERED);

    assertThat(project.downloads()).containsOnlyKeys("v1.4.0-my_app.zip");
    assertThat(project.file(event, "my app.zip").warnings())
        .containsExactly(
            "it is called v1.4.0-my_app.zip on Bitbucket: other characters are not safe in a"
                + " download's name");
    assertThat(release.warnings()).hasSize(1);
  }

  @Test
  void aDownloadThatCannotBeReadHoldsNothingUp() {
    stack.bitbucket.fault(
        Map.of(
            "method",
            "GET",
            "path",
            project.path() + "/downloads",
            "kind",
            "garbage",
            "body",
            "{\"values\":[null,{\"size\":7}]}"));

    Outcome release =
        project.await(project.ask(project.request("app", Project.bytes(1, 10))), DELIVERED);

    assertThat(release.warnings())
        .singleElement()
        .asString()
        .startsWith("Bitbucket lists 2 downloads that could not be read");
    assertThat(project.downloads()).containsOnlyKeys("app");
  }

  @Test
  void whatWillBeReplacedIsToldBeforeItIs() {
    project.await(project.ask(project.request("app", Project.bytes(1, 10))), DELIVERED);
    stack.bitbucket.fault(
        Map.of(
            "method", "POST", "path", project.path() + "/downloads", "kind", "latency", "ms", 300));

    String event = project.ask(project.request("app", Project.bytes(2, 11)));
    Outcome release = project.await(event, DELIVERED);

    Outcome before = project.of(event, Outcome.Kind.RELEASE).getFirst();
    assertThat(before.result()).isEqualTo(WAITING);
    assertThat(before.reason()).isEqualTo("1 of 1 files are to be sent");
    assertThat(before.warnings())
        .singleElement()
        .asString()
        .startsWith("app replaces the one that is there (10 bytes) since 20");
    assertThat(before.at()).isBefore(project.file(event, "app").at());
    assertThat(release.warnings()).isEqualTo(before.warnings());
    assertThat(project.stored("app").replaced()).isEqualTo(1);
  }

  @Test
  void theSameContentIsNotSentAgain() {
    byte[] bytes = Project.bytes(1, 1000);
    project.await(project.ask(project.request("app", bytes)), DELIVERED);

    String event = project.ask(project.request("app", bytes));
    project.await(event, DELIVERED);

    assertThat(project.stored("app").replaced()).isZero();
    assertThat(project.file(event, "app").warnings())
        .containsExactly("it was there already, with the same content, and was not sent again");
  }

  @Test
  void whatWasDeletedThereIsSentAgain() {
    byte[] bytes = Project.bytes(1, 1000);
    project.await(project.ask(project.request("app", bytes)), DELIVERED);
    project.delete("app");

    project.await(project.ask(project.request("app", bytes)), DELIVERED);

    assertThat(project.downloads()).containsOnlyKeys("app");
  }

  @Test
  void theSameRecordAgainChangesNothing() {
    ObjectNode request = project.request("app", Project.bytes(1, 1000));
    String event = project.ask(request);
    project.await(event, DELIVERED);
    int told = stack.published.causedBy(event).size();

    project.ask(request, Map.of("ce_id", event));
    project.await(project.ask(project.request("other", Project.bytes(2, 10))), DELIVERED);

    assertThat(stack.published.causedBy(event)).hasSize(told);
  }

  @Test
  void theNewestReleaseHasTheNameInTheEnd() {
    byte[] newest = Project.bytes(9, 500_000);
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      events.add(project.ask(project.request("app", Project.bytes(i, 500_000))));
    }
    String last = project.ask(project.request("app", newest));

    project.await(last, DELIVERED);

    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(newest));
    for (String event : events) {
      Project.patiently()
          .until(
              () -> project.of(event, Outcome.Kind.RELEASE),
              told -> !told.isEmpty() && told.getLast().result() != WAITING);
    }
    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(newest));
  }

  @Test
  void aTagWithASlashIsFound() {
    String commit = stack.bitbucket.push(project.fullName, "refs/tags/release/2.0");
    ObjectNode request = project.request("app", Project.bytes(1, 10));
    project.await(project.ask(request.put("tag", "release/2.0").put("commit", commit)), DELIVERED);
  }
}
