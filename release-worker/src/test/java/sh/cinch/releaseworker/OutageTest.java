package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.WAITING;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.Outcome;

/** While somebody is away everything waits, and is right in the end. */
class OutageTest {

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();
  private final byte[] bytes = Project.bytes(1, 200_000);

  @AfterEach
  void mend() {
    stack.mend();
  }

  @ParameterizedTest
  @ValueSource(ints = {503, 500, 429, 404, 403})
  void anAnswerOfAnOutageIsWaitedOut(int status) {
    stack.bitbucket.fault(Map.of("path", project.path() + "*", "kind", "status", "status", status));
    String event = project.ask(project.request("app", bytes));
    assertThat(project.await(event, WAITING).reason()).isNotBlank();

    stack.bitbucket.mend();
    stack.clock.advance(Duration.ofMinutes(11));

    project.await(event, DELIVERED);
    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(bytes));
    assertThat(project.deadLetters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {503, 429, 404, 408})
  void anUploadThatIsRefusedInAnOutageIsRepeated(int status) {
    stack.bitbucket.fault(
        Map.of("path", project.path() + "*", "method", "POST", "kind", "status", "status", status));
    if (status == 404) {
      stack.bitbucket.fault(
          Map.of("path", project.path(), "method", "GET", "kind", "status", "status", status));
    }
    String event = project.ask(project.request("app", bytes));
    Project.patiently().until(() -> project.files(event), told -> !told.isEmpty());
    assertThat(project.files(event)).extracting(Outcome::result).containsExactly(WAITING);

    stack.bitbucket.mend();
    stack.clock.advance(Duration.ofMinutes(11));

    project.await(event, DELIVERED);
    assertThat(project.file(event, "app").attempts()).isGreaterThan(1);
    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(bytes));
  }

  @Test
  void anAnswerThatIsLostIsLookedForAndTheFileNotSentAgain() {
    fault("lost-response", 1);
    String event = project.ask(project.request("app", bytes));
    Project.patiently().until(() -> project.files(event), told -> !told.isEmpty());

    stack.clock.advance(Duration.ofMinutes(1));
    project.await(event, DELIVERED);

    assertThat(project.stored("app").replaced()).isZero();
    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(bytes));
    assertThat(project.file(event, "app").httpStatus()).isNull();
  }

  @Test
  void anAnswerThatIsLostOverAnOlderFileOfTheSameSizeIsRight() {
    project.await(project.ask(project.request("app", Project.bytes(2, bytes.length))), DELIVERED);
    fault("reset", 1);
    String event = project.ask(project.request("app", bytes));
    Project.patiently().until(() -> project.files(event), told -> !told.isEmpty());

    stack.clock.advance(Duration.ofMinutes(1));
    project.await(event, DELIVERED);

    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(bytes));
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() {
    fault("reset", 3);
    String event = project.ask(project.request("app", bytes));
    for (int i = 1; i <= 3; i++) {
      project.awaitTries("app", i);
      stack.clock.advance(Duration.ofMinutes(1));
    }
    project.await(event, DELIVERED);
    assertThat(project.files(event))
        .as("told once for what it waits for")
        .extracting(Outcome::result)
        .containsExactly(WAITING, DELIVERED);
  }

  @Test
  void aTokenThatIsRefusedIsReplacedAtOnce() {
    stack.bitbucket.fault(
        Map.of(
            "path",
            project.path() + "/downloads",
            "method",
            "POST",
            "kind",
            "status",
            "status",
            401,
            "times",
            1));
    project.credential.add(
        stack.bitbucket.token(project.fullName, "repository", "repository:write"));

    String event = project.ask(project.request("app", bytes));
    project.await(event, DELIVERED);

    assertThat(project.credential.rejections()).isEqualTo(1);
    assertThat(project.files(event)).extracting(Outcome::result).containsExactly(DELIVERED);
  }

  @Test
  void anAuthorizationThatIsMissingIsWaitedFor() {
    project.credential.needsAuthorization("somebody revoked it");
    String event = project.ask(project.request("app", bytes));
    assertThat(project.await(event, WAITING).reason()).contains("somebody revoked it");

    project.credential.authorized();
    stack.clock.advance(Duration.ofSeconds(16));

    project.await(event, DELIVERED);
  }

  @Test
  void whatWaitsTooLongIsGivenUp() {
    project.credential.needsAuthorization("somebody revoked it");
    String event = project.ask(project.request("app", bytes));
    project.await(event, WAITING);

    stack.clock.advance(Duration.ofDays(3));

    assertThat(project.await(event, Outcome.Result.FAILED).reason())
        .isEqualTo("given up after 3 days: somebody revoked it");
  }

  private void fault(String kind, int times) {
    stack.bitbucket.fault(
        Map.of(
            "path", project.path() + "/downloads", "method", "POST", "kind", kind, "times", times));
  }
}
