package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;
import static sh.cinch.schema.event.Outcome.Result.WAITING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.testkit.FakeTokenService;

/**
 * Another credential takes the place of the one that began a status, which only the account that
 * made it, or an administrator, may change: its build ends all the same.
 */
class WhoBeganTest {

  private static final String MAIN = "refs/heads/main";
  private static final String OWN = StatusKey.further("unit", MAIN);
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(12);

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();
  private final FakeTokenService.Credential first = project.credential;

  @AfterEach
  void asUsual() {
    stack.bitbucket.mend();
    stack.bitbucket.identifyStatusesBy("key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void whatARenewedTokenFindsUnderWayIsFinishedWithTheOldOne(String identity) {
    stack.bitbucket.identifyStatusesBy(identity);
    posted(state("running", 1, "1"));
    project.renew("repository");
    Outcome outcome = posted(state("success", 2, "1"));

    assertThat(outcome.warnings()).isEmpty();
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
    assertThat(stack.published.deadLetters(project.recordKey())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void whereTheOldOneIsGoneTheResultHasAStatusOfItsOwn(String identity) {
    stack.bitbucket.identifyStatusesBy(identity);
    posted(state("running", 1, "1"));
    project.renew("repository");
    stack.tokenService.forget(first.id());
    Outcome outcome = posted(state("success", 2, "1"));

    assertThat(shown())
        .containsExactlyInAnyOrder(tuple("unit", "INPROGRESS"), tuple(OWN, "SUCCESSFUL"));
    assertThat(outcome.shownKey()).isEqualTo(OWN);
    assertThat(outcome.warnings())
        .singleElement()
        .asString()
        .startsWith("\"unit\" on Bitbucket was made by another account")
        .contains("go by \"" + OWN + "\"");
    CommitStatusEvent published = published();
    assertThat(published.warnings()).isEqualTo(outcome.warnings());
    assertThat(Objects.requireNonNull(published.shown()))
        .returns(OWN, CommitStatusEvent.Shown::key)
        .returns("SUCCESSFUL", CommitStatusEvent.Shown::state);
    assertThat(stack.published.deadLetters(project.recordKey())).isEmpty();
  }

  @Test
  void theOtherKeyIsTheStatussForGood() {
    posted(state("running", 1, "1"));
    FakeTokenService.Credential second = project.renew("repository");
    stack.tokenService.forget(first.id());
    posted(state("failure", 2, "1"));
    posted(state("running", 3, "2"));
    assertThat(posted(state("success", 4, "2")).warnings()).hasSize(1);
    assertThat(shown())
        .containsExactlyInAnyOrder(tuple("unit", "INPROGRESS"), tuple(OWN, "SUCCESSFUL"));

    project.renew("repository");
    stack.tokenService.forget(second.id());
    Outcome outcome = posted(state("failure", 5, "3"));
    assertThat(shown())
        .containsExactlyInAnyOrder(
            tuple("unit", "INPROGRESS"),
            tuple(OWN, "SUCCESSFUL"),
            tuple(StatusKey.further("unit", MAIN + "\0"), "FAILED"));
    assertThat(outcome.warnings())
        .singleElement()
        .asString()
        .startsWith("\"unit\" and \"%s\" on Bitbucket were made".formatted(OWN));
  }

  @Test
  void aBuildAfterTheRenewalGoesOnWithTheOldOnesStatus() {
    posted(state("running", 1, "1"));
    posted(state("success", 2, "1"));
    project.renew("repository");
    posted(state("running", 3, "2"));
    posted(state("failure", 4, "2"));
    assertThat(shown()).containsExactly(tuple("unit", "FAILED"));
  }

  @Test
  void anAdministratorGoesOnUnderTheSameKey() {
    posted(state("running", 1, "1"));
    FakeTokenService.Credential admin = project.renew("repository", "repository:admin");
    stack.tokenService.forget(first.id());
    assertThat(posted(state("running", 2, "2")).warnings()).isEmpty();
    assertThat(shown()).containsExactly(tuple("unit", "INPROGRESS"));

    // Now it is the administrator that wrote last.
    project.renew("repository");
    posted(state("success", 3, "2"));
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
    assertThat(admin.rejections()).isZero();
  }

  @Test
  void whereTheOldOneIsRefusedTheNewOneGoesOn() {
    posted(state("running", 1, "1"));
    project.renew("repository", "repository:admin");
    first.needsAuthorization("the token was revoked");
    posted(state("success", 2, "1"));
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void whereTheOldOneMayNoLongerPostTheNewOneGoesOn() {
    posted(state("running", 1, "1"));
    project.renew("repository", "repository:admin");
    project.fault(Map.of("method", "POST", "kind", "status", "status", 404, "times", 1));
    String event = project.report(state("success", 2, "1"));
    project.await(event, DELIVERED);
    assertThat(project.results(event)).as("at once").containsExactly(DELIVERED);
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void inAnOutageNoKeyIsGivenUp() {
    posted(state("running", 1, "1"));
    project.renew("repository");
    stack.bitbucket.fault(
        Map.of("path", "*" + path() + "*", "kind", "status", "status", 403, "times", 20));
    String event = project.report(state("success", 2, "1"));
    assertThat(project.await(event, WAITING).httpStatus()).isEqualTo(403);
    stack.bitbucket.mend();
    stack.clock.advance(LONGEST_BACK_OFF);
    project.await(event, DELIVERED);
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void inAnOutageThatEndsBetweenTwoAnswersNoKeyIsGivenUp() {
    posted(state("running", 1, "1"));
    project.renew("repository");
    project.fault(Map.of("method", "POST", "kind", "status", "status", 404, "times", 1));
    String event = project.report(state("success", 2, "1"));
    project.await(event, DELIVERED);
    assertThat(project.results(event)).as("at once").containsExactly(DELIVERED);
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void backToTheFirstOneItGoesOnWhereItWas() {
    posted(state("running", 1, "1"));
    project.renew("repository");
    project.connectWith(first);
    posted(state("success", 2, "1"));
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void whatTheFirstOneMayHaveMadeUnheardIsItsOwn() {
    project.fault(Map.of("method", "POST", "kind", "lost-response", "times", 1));
    String event = project.report(state("running", 1, "1"));
    project.await(event, WAITING);
    project.renew("repository");
    stack.clock.advance(LONGEST_BACK_OFF);
    project.await(event, DELIVERED);
    posted(state("success", 2, "1"));
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void whatTheFirstOneMadeUnheardAndIsGoneStaysBehind() {
    project.fault(Map.of("method", "POST", "kind", "lost-response", "times", 1));
    project.await(project.report(state("running", 1, "1")), WAITING);
    project.renew("repository");
    stack.tokenService.forget(first.id());
    stack.clock.advance(LONGEST_BACK_OFF);
    posted(state("success", 2, "1"));
    assertThat(shown())
        .containsExactlyInAnyOrder(tuple("unit", "INPROGRESS"), tuple(OWN, "SUCCESSFUL"));
  }

  /** A credential that may not change it has not written it, whatever became of its request. */
  @Test
  void whatTheNewOneTriedUnheardLeavesItTheOldOnes() {
    posted(state("running", 1, "1"));
    project.renew("repository");
    project.fault(Map.of("method", "POST", "kind", "status", "status", 404, "times", 1));
    project.fault(Map.of("method", "POST", "kind", "lost-response", "times", 1));
    String event = project.report(state("success", 2, "1"));
    project.await(event, WAITING);
    stack.clock.advance(LONGEST_BACK_OFF);
    project.await(event, DELIVERED);
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void whatOneOfTwoFormerOnesMadeUnheardIsFinishedWithThatOne() {
    project.fault(Map.of("method", "POST", "kind", "reset", "times", 1));
    String event = project.report(state("running", 1, "1"));
    project.await(event, WAITING);
    project.renew("repository");
    stack.tokenService.forget(first.id());
    project.fault(Map.of("method", "POST", "kind", "lost-response", "times", 1));
    stack.clock.advance(LONGEST_BACK_OFF);
    Project.patiently().until(() -> !shown().isEmpty());
    project.renew("repository");
    stack.clock.advance(LONGEST_BACK_OFF);
    project.await(event, DELIVERED);
    posted(state("success", 2, "1"));
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 409})
  void withWhicheverStatusBitbucketSaysThatItIsAnothers(int status) {
    posted(state("running", 1, "1"));
    project.renew("repository");
    stack.tokenService.forget(first.id());
    // What is no word about other accounts is asked once more.
    int times = status == 400 ? 2 : 1;
    project.fault(Map.of("method", "POST", "kind", "status", "status", status, "times", times));
    String event = project.report(state("success", 2, "1"));
    project.await(event, DELIVERED);
    assertThat(project.results(event)).as("at once").containsExactly(DELIVERED);
    assertThat(shown())
        .containsExactlyInAnyOrder(tuple("unit", "INPROGRESS"), tuple(OWN, "SUCCESSFUL"));
  }

  @Test
  void oneStrayRefusalIsNoReasonToLeaveAKey() {
    posted(state("running", 1, "1"));
    project.renew("repository", "repository:admin");
    stack.tokenService.forget(first.id());
    project.fault(Map.of("method", "POST", "kind", "status", "status", 400, "times", 1));
    assertThat(posted(state("success", 2, "1")).warnings()).isEmpty();
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void aKeyIsNotGivenUpForAStatusThatIsRefusedUnderAnyKey() {
    posted(state("running", 1, "1"));
    project.renew("repository", "repository:admin");
    stack.tokenService.forget(first.id());
    project.fault(Map.of("method", "POST", "kind", "status", "status", 400, "times", 4));
    String refused = project.report(state("success", 2, "1"));
    project.await(refused, FAILED);
    project.awaitDeadLetter(refused, "Bitbucket refuses the status");
    CommitStatusEvent published = published();
    assertThat(published.progress()).isEqualTo(Progress.FAILED);
    assertThat(Objects.requireNonNull(published.shown()).state()).isEqualTo("INPROGRESS");

    posted(state("success", 3, "2"));
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void aKeyThatIsAnotherProgramsFromTheStartIsLeftToIt() {
    anotherProgramPosts();
    assertThat(posted(state("success", 1, "1")).warnings()).hasSize(1);
    assertThat(shown())
        .containsExactlyInAnyOrder(tuple("unit", "FAILED"), tuple(OWN, "SUCCESSFUL"));
  }

  @Test
  void whatTheFirstOnesLimitKeptItFromBeginningIsTheNewOnesToBegin() {
    project.fault(
        Map.of(
            "method",
            "POST",
            "kind",
            "status",
            "status",
            429,
            "headers",
            Map.of("Retry-After", "3600"),
            "times",
            1));
    String event = project.report(state("success", 1, "1"));
    project.await(event, WAITING);
    project.renew("repository");
    project.await(event, DELIVERED);
    assertThat(shown()).containsExactly(tuple("unit", "SUCCESSFUL"));
  }

  @Test
  void anAttemptThatRanOutOfTimeWaitsAsAfterAFailure() {
    anotherProgramPosts();
    project.fault(Map.of("method", "POST", "kind", "latency", "ms", 1_000, "times", 1));
    String event = project.report(state("success", 1, "1"));
    Project.patiently().until(project::isFaultOver);
    stack.clock.advance(Duration.ofSeconds(30));
    Outcome waiting = project.await(event, WAITING);
    assertThat(waiting.attempts()).isOne();
    assertThat(waiting.reason()).isEqualTo("Bitbucket took too long to answer");
  }

  @Test
  void whatIsUnderWayEndsWithTheConnection() {
    String running = project.report(state("running", 1, "1"));
    project.await(running, DELIVERED);
    project.fault(Map.of("kind", "status", "status", 503, "times", 1));
    String waits = project.report(state("success", 1, "1").put("key", "lint"));
    project.await(waits, WAITING);
    String done = project.report(state("success", 1, "1").put("key", "docs"));
    project.await(done, DELIVERED);

    project.disconnect();

    assertThat(project.await(running, FAILED).reason())
        .isEqualTo(
            "the repository is not connected with Cinch any more; \"unit\" stays INPROGRESS on"
                + " Bitbucket");
    assertThat(project.await(waits, FAILED).reason())
        .isEqualTo("the repository is not connected with Cinch any more");
    assertThat(stack.states.of(project.commit))
        .extracting(CommitStatusEvent::key, CommitStatusEvent::progress)
        .containsExactlyInAnyOrder(
            tuple("unit", Progress.FAILED),
            tuple("lint", Progress.FAILED),
            tuple("docs", Progress.DELIVERED));
    assertThat(project.results(running)).containsExactly(DELIVERED, FAILED);
    assertThat(project.results(waits)).containsExactly(WAITING, FAILED);
    assertThat(stack.published.deadLetters(project.recordKey())).isEmpty();
  }

  private ObjectNode state(String state, int second, String number) {
    return project.state(state, second).put("number", number).put("ref", MAIN);
  }

  private Outcome posted(ObjectNode state) {
    return project.await(project.report(state), DELIVERED);
  }

  private List<Tuple> shown() {
    return stack.bitbucket.statuses(project.fullName(), project.commit).stream()
        .map(status -> tuple(status.getString("key"), status.getString("state")))
        .toList();
  }

  private CommitStatusEvent published() {
    return stack.states.of(project.commit).iterator().next();
  }

  private String path() {
    return project.path().substring("/2.0".length());
  }

  /** Under the key that ours would have. */
  private void anotherProgramPosts() {
    stack.bitbucket.api(
        stack.bitbucket.token(project.fullName(), "repository"),
        "POST",
        "/repositories/%s/commit/%s/statuses/build".formatted(project.fullName(), project.commit),
        JsonObject.of("key", "unit", "state", "FAILED", "url", "https://ci.example.com/1"));
  }
}
