package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;
import static sh.cinch.schema.event.Outcome.Result.WAITING;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.Outcome;

/** Bitbucket answers that it will not, or somebody has to act first. */
class RefusalTest {

  /** Two and a half minutes altogether. */
  static final List<Duration> WAITED_FOR_A_COMMIT =
      List.of(Duration.ofSeconds(6), Duration.ofSeconds(31), Duration.ofSeconds(121));

  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(12);

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();

  @AfterEach
  void mend() {
    stack.bitbucket.mend();
  }

  @Test
  void aRejectedLeaseIsReplacedAtOnce() {
    Project rejected = Project.connected();
    String good = stack.bitbucket.token(rejected.fullName(), "repository");
    rejected.fault(Map.of("kind", "status", "status", 401, "times", 1));
    rejected.credential.add(good);
    Outcome outcome = rejected.await(rejected.report(rejected.state("success", 1)), DELIVERED);
    assertThat(outcome.attempts()).isEqualTo(2);
    assertThat(rejected.credential.rejections()).isEqualTo(1);
  }

  @Test
  void aCredentialThatStaysRejectedIsNoReasonToGiveUp() {
    project.fault(Map.of("kind", "status", "status", 401, "times", 2));
    project.credential.add(stack.bitbucket.token(project.fullName(), "repository"));
    project.credential.add(stack.bitbucket.token(project.fullName(), "repository"));
    String event = project.report(project.state("success", 1));
    assertThat(project.await(event, WAITING).httpStatus()).isEqualTo(401);
    stack.clock.advance(LONGEST_BACK_OFF);
    project.await(event, DELIVERED);
  }

  @Test
  void untilAPersonAuthorizesItWaits() {
    project.credential.needsAuthorization("the grant was revoked: authorize again");
    String event = project.report(project.state("success", 1));
    Outcome waiting = project.await(event, WAITING);
    assertThat(waiting.reason()).isEqualTo("the grant was revoked: authorize again");
    assertThat(waiting.attempts()).isZero();
    project.credential.authorized();
    stack.clock.advance(Duration.ofSeconds(61));
    project.await(event, DELIVERED);
    assertThat(project.results(event)).containsExactly(WAITING, DELIVERED);
  }

  @Test
  void aMissingScopeIsExplained() {
    Project poor = Project.connectedWith("webhook");
    String event = poor.report(poor.state("success", 1));
    Outcome failed = poor.await(event, FAILED);
    assertThat(failed.httpStatus()).isEqualTo(403);
    assertThat(failed.reason()).contains("needs the scope repository and has webhook");
    poor.awaitDeadLetter(event, "needs the scope repository");
  }

  @Test
  void whatIsForbiddenUnderAnyKeyIsExplained() {
    // Twice under each of two keys.
    project.fault(Map.of("method", "POST", "kind", "status", "status", 403, "times", 4));
    String event = project.report(project.state("success", 2));
    Outcome failed = project.await(event, FAILED);
    assertThat(failed.httpStatus()).isEqualTo(403);
    assertThat(failed.shownKey()).isEqualTo("unit");
    assertThat(failed.reason()).contains("Only the account that created a status");
    project.awaitDeadLetter(event, "Only the account that created a status");
  }

  @Test
  void whatBitbucketFindsWrongIsNamed() {
    project.fault(
        Map.of(
            "kind",
            "status",
            "status",
            400,
            "times",
            1,
            "body",
            """
            {"type":"error","error":{"message":"url: Enter a valid URL.",
             "fields":{"url":["Enter a valid URL."]}}}
            """));
    String event = project.report(project.state("success", 1));
    assertThat(project.await(event, FAILED).reason())
        .isEqualTo("Bitbucket refuses the status: url: Enter a valid URL.");
    project.awaitDeadLetter(event, "Enter a valid URL.");
  }

  @Test
  void aCommitThatNeverAppearsIsGivenUp() {
    String unknown = "0".repeat(39) + "1";
    String event = project.report(project.state("success", 1).put("commit", unknown));
    for (int attempt = 1; attempt <= 3; attempt++) {
      project.awaitAttempts(attempt);
      stack.clock.advance(Duration.ofMinutes(2));
    }
    project.awaitDeadLetter(event, "rebased or squashed away");
    Project.patiently()
        .until(() -> stack.published.ofCommit(unknown), outcomes -> outcomes.size() == 2);
    assertThat(stack.published.ofCommit(unknown))
        .filteredOn(outcome -> event.equals(outcome.causedBy()))
        .extracting(Outcome::result, Outcome::attempts)
        .as("the last attempt asks once more")
        .containsExactly(tuple(WAITING, 1), tuple(FAILED, 5));
    project.awaitDeadLetter(event, "rebased or squashed away");
  }

  @Test
  void aCommitThatOnlyAForkHasIsReportedToTheFork() {
    Project fork = Project.connected();
    String event = project.report(project.state("success", 1).put("commit", fork.commit));
    for (int attempt = 1; attempt <= 3; attempt++) {
      project.awaitAttempts(attempt);
      stack.clock.advance(WAITED_FOR_A_COMMIT.get(attempt - 1));
    }
    project.awaitDeadLetter(
        event,
        "The commit is not in this repository. Where only a fork has it, connect the fork by"
            + " itself");
    assertThat(stack.states.of(fork.commit))
        .singleElement()
        .returns(Progress.FAILED, CommitStatusEvent::progress)
        .satisfies(state -> assertThat(state.reason()).contains("connect the fork by itself"));

    fork.await(fork.report(fork.state("success", 1)), DELIVERED);
    assertThat(fork.writes()).containsExactly("SUCCESSFUL");
  }

  @Test
  void aDisconnectedRepositorysStatesFailWithoutADeadLetter() {
    project.fault(Map.of("kind", "status", "status", 503, "times", 1));
    String before = project.report(project.state("running", 1));
    project.await(before, WAITING);
    project.disconnect();
    stack.clock.advance(LONGEST_BACK_OFF);
    assertThat(project.await(before, FAILED).reason()).contains("not connected");
    String after = project.report(project.state("success", 2));
    assertThat(project.await(after, FAILED).reason()).contains("not connected");
    assertThat(stack.published.deadLetters(project.recordKey())).isEmpty();
    assertThat(project.writes()).isEmpty();
  }

  @Test
  void aDeadLetterMayBeReplayedUnderItsOwnId() {
    project.fault(Map.of("kind", "status", "status", 400, "times", 1));
    var state = project.state("success", 1);
    String event = project.report(state);
    project.await(event, FAILED);
    Map<String, String> headers = new HashMap<>(Map.of("ce_id", event));
    headers.put("cinch-replay", "1");
    project.report(state.put("name", "Corrected"), headers);
    project.await(event, DELIVERED);
    assertThat(project.status("unit").getString("name")).isEqualTo("Corrected");
  }
}
