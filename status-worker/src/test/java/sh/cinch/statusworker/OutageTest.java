package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;
import static sh.cinch.schema.event.Outcome.Result.SUPERSEDED;
import static sh.cinch.schema.event.Outcome.Result.WAITING;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.Outcome;

/** Bitbucket does not answer as it should. */
class OutageTest {

  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(12);

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();

  @AfterEach
  void mend() {
    stack.bitbucket.mend();
  }

  @Test
  void afterAnOutageOnlyTheNewestIsPosted() {
    project.fault(Map.of("kind", "status", "status", 503));
    String pending = project.report(project.state("pending", 1));
    Outcome waiting = project.await(pending, WAITING);
    assertThat(waiting.httpStatus()).isEqualTo(503);
    String running = project.report(project.state("running", 2));
    project.await(pending, SUPERSEDED);
    String success = project.report(project.state("success", 3));
    project.await(running, SUPERSEDED);

    stack.bitbucket.mend();
    stack.clock.advance(LONGEST_BACK_OFF);
    project.await(success, DELIVERED);
    assertThat(project.writes()).containsExactly("SUCCESSFUL");
    assertThat(project.results(pending)).containsExactly(WAITING, SUPERSEDED);
  }

  /** The repository itself answers again a moment after the last refusal. */
  @Test
  void anOutageThatEndsBetweenTwoRequestsCostsNoStatus() {
    project.fault(Map.of("kind", "status", "status", 404, "times", 4));
    String event = project.report(project.state("success", 1));
    for (int attempt = 1; attempt <= 3; attempt++) {
      project.awaitAttempts(attempt);
      stack.clock.advance(RefusalTest.WAITED_FOR_A_COMMIT.get(attempt - 1));
    }
    project.await(event, DELIVERED);
    assertThat(project.writes()).containsExactly("SUCCESSFUL");
  }

  @Test
  void aRefusalOfAnOutageThatIsOverIsNoAccountsRefusal() {
    project.fault(Map.of("kind", "status", "status", 403, "times", 1));
    project.await(project.report(project.state("success", 1)), DELIVERED);
    assertThat(project.writes()).containsExactly("SUCCESSFUL");
    assertThat(project.outcomes().getLast().shownKey()).isEqualTo("unit");
  }

  @Test
  void aWaitIsToldOnce() {
    project.fault(Map.of("kind", "status", "status", 503, "times", 2));
    project.fault(Map.of("kind", "status", "status", 429, "times", 1));
    String event = project.report(project.state("success", 1));
    project.awaitAttempts(1);
    stack.clock.advance(Duration.ofSeconds(3));
    project.awaitAttempts(2);
    stack.clock.advance(Duration.ofSeconds(5));
    project.awaitAttempts(3);
    stack.clock.advance(Duration.ofSeconds(10));
    project.await(event, DELIVERED);
    assertThat(project.outcomes())
        .extracting(Outcome::result, Outcome::httpStatus)
        .containsExactly(tuple(WAITING, 503), tuple(WAITING, 429), tuple(DELIVERED, 201));
    assertThat(project.outcomes().getLast().attempts()).isEqualTo(4);
  }

  @Test
  void aRateLimitIsWaitedFor() {
    project.fault(
        Map.of(
            "kind", "status", "status", 429, "times", 1, "headers", Map.of("Retry-After", "300")));
    String event = project.report(project.state("success", 1));
    project.await(event, WAITING);
    stack.clock.advance(Duration.ofSeconds(301));
    project.await(event, DELIVERED);
    assertThat(project.writes()).hasSize(1);
  }

  @Test
  void aLostAnswerIsAskedForOnceTheRequestCanNoLongerLand() {
    project.fault(Map.of("kind", "lost-response", "times", 1));
    String event = project.report(project.state("success", 1));
    project.await(event, WAITING);
    stack.clock.advance(Duration.ofSeconds(15));
    Outcome delivered = project.await(event, DELIVERED);
    assertThat(delivered.httpStatus()).isEqualTo(200);
    assertThat(delivered.attempts()).isEqualTo(2);
    assertThat(project.writes()).containsExactly("SUCCESSFUL", "SUCCESSFUL");
  }

  @Test
  void nothingIsPostedWhileAnEarlierRequestMayStillLand() {
    project.fault(Map.of("kind", "reset", "times", 1));
    String running = project.report(project.state("running", 1));
    project.await(running, WAITING);
    String success = project.report(project.state("success", 2));
    project.await(running, SUPERSEDED);
    stack.clock.advance(Duration.ofSeconds(5));
    assertThat(project.writes()).isEmpty();
    stack.clock.advance(Duration.ofSeconds(10));
    project.await(success, DELIVERED);
    assertThat(project.writes()).containsExactly("SUCCESSFUL");
  }

  @Test
  void aNewerStateWaitsForTheRequestUnderWay() {
    project.fault(Map.of("kind", "latency", "ms", 700, "times", 1));
    String running = project.report(project.state("running", 1));
    String success = project.report(project.state("success", 2));
    project.await(success, DELIVERED);
    assertThat(project.writes()).endsWith("SUCCESSFUL");
    assertThat(project.results(running)).doesNotContain(FAILED);
  }

  @Test
  void anOutageThatAnswers404IsWaitedFor() {
    stack.bitbucket.fault(
        Map.of("path", "*" + project.path() + "*", "kind", "status", "status", 404));
    String event = project.report(project.state("success", 1));
    for (int attempt = 1; attempt <= 4; attempt++) {
      project.awaitAttempts(attempt);
      stack.clock.advance(LONGEST_BACK_OFF);
    }
    project.awaitAttempts(5);
    stack.bitbucket.mend();
    stack.clock.advance(LONGEST_BACK_OFF);
    project.await(event, DELIVERED);
    assertThat(project.results(event)).containsExactly(WAITING, WAITING, DELIVERED);
    assertThat(project.outcomes().get(1).reason()).contains("also for the repository itself");
    assertThat(stack.published.deadLetters(project.recordKey())).isEmpty();
  }
}
