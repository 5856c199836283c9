package sh.cinch.releaseworker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.topic.Topic;

/** A record that cannot be used is put away as it came, and holds up nobody. */
class BadRecordsTest {

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "release                              | not JSON, at byte",
        "[]                                   | not a JSON object",
        "{\"tag\":\"v1\"}                     | field 'repository' is missing",
        "{\"repository\":{\"id\":\"ID\"}}     | field 'tag' is missing",
      })
  void whatIsMalformedSaysWhatIsWrong(String value, String reason) {
    bad(value.replace("ID", project.repository.id().toString()), reason);
  }

  @Test
  void aReleaseWithoutFilesIsNone() {
    bad(project.request().toString(), "field 'files' is empty: a release has at least one");
  }

  @Test
  void aFileWithoutItsChecksumIsRefused() {
    ObjectNode request = project.request("app", new byte[1]);
    ((ObjectNode) request.withArray("files").get(0)).remove("sha256");
    bad(request.toString(), "field 'files.sha256' is missing");
  }

  @Test
  void aChecksumThatIsNoneIsRefused() {
    ObjectNode request = project.request("app", new byte[1]);
    ((ObjectNode) request.withArray("files").get(0)).put("sha256", "abc");
    bad(request.toString(), "field 'files.sha256' is not a SHA-256");
  }

  @Test
  void aNegativeSizeIsRefused() {
    ObjectNode request = project.request("app", new byte[1]);
    ((ObjectNode) request.withArray("files").get(0)).put("size", -1);
    bad(request.toString(), "field 'files.size' is negative");
  }

  @Test
  void anUnknownRepositoryIsToBeConnectedFirst() {
    UUID nobody = UUID.randomUUID();
    ObjectNode request = project.request("app", new byte[1]);
    request.putObject("repository").put("id", nobody.toString());
    bad(request.toString(), "unknown repository " + nobody + ": connect it first (cinch repo add)");
  }

  @Test
  void aNulInANameIsRefused() {
    bad(
        project.request("a\u0000b", new byte[1]).toString(),
        "field 'files.name' contains a character that no name can have");
  }

  @Test
  void twoFilesOfOneNameAreRefusedBeforeAnythingIsSent() {
    ObjectNode request = project.request("a b", new byte[1]);
    String event = project.ask(project.with(request, "a_b", new byte[2]));

    assertThat(project.await(event, FAILED).reason())
        .startsWith("'a b' and 'a_b' would both be called a_b");
    assertThat(project.awaitDeadLetter()).contains("would both be called");
    assertThat(project.downloads()).isEmpty();
  }

  @Test
  void aFileLargerThanAllowedIsRefusedBeforeAnythingIsSent() {
    ObjectNode request = project.request("good", new byte[1]);
    project.with(request, "app", new byte[1]);
    ((ObjectNode) request.withArray("files").get(1)).put("size", Stack.LARGEST + 1);

    assertThat(project.await(project.ask(request), FAILED).reason())
        .startsWith("app has %d bytes; at most %d".formatted(Stack.LARGEST + 1, Stack.LARGEST));
    assertThat(project.downloads()).isEmpty();
  }

  @Test
  void whatWasAskedForTooLongAgoIsRefusedBeforeAnythingIsSent() {
    String ancient = Instant.now().minus(Limits.AGE).minusSeconds(60).toString();
    String event = project.ask(project.request("app", new byte[1]), Map.of("ce_time", ancient));

    String reason = "field 'ce_time' is %s, more than 100 days before it came".formatted(ancient);
    assertThat(project.await(event, FAILED).reason()).startsWith(reason);
    assertThat(project.awaitDeadLetter()).startsWith(reason);
    assertThat(project.downloads()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"99", "nonsense"})
  void whatIsNotTooOldIsReleased(String days) {
    String time =
        days.equals("99") ? Instant.now().minus(Duration.ofDays(99)).toString() : "yesterday";
    String event = project.ask(project.request("app", new byte[1]), Map.of("ce_time", time));

    project.await(event, DELIVERED);
  }

  private void bad(String value, String reason) {
    stack.topics.write(
        Topic.RELEASE_REQUEST, project.repository.id().toString(), value.getBytes(UTF_8), Map.of());
    Project.patiently()
        .untilAsserted(
            () -> assertThat(project.deadLetters()).singleElement().asString().startsWith(reason));
    project.await(project.ask(project.request("next", new byte[3])), DELIVERED);
  }
}
