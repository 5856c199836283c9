package sh.cinch.statusworker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;
import static sh.cinch.schema.event.Outcome.Result.SUPERSEDED;
import static sh.cinch.schema.event.Outcome.Result.WAITING;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.schema.topic.Topic;

/** How a status stands is published with each change, by who decides it. */
class StatesTest {

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();

  @AfterEach
  void mend() {
    stack.bitbucket.mend();
  }

  @Test
  void everyChangeIsAVersion() {
    project.await(project.report(project.state("running", 0).put("number", "7")), DELIVERED);
    String success =
        project.report(
            project
                .state("success", 1)
                .put("number", "7")
                .put("name", "Unit tests")
                .put("description", "Passed in 2m"));
    project.await(success, DELIVERED);

    List<CommitStatusEvent> history = stack.states.history(project.commit);
    assertThat(history)
        .extracting(CommitStatusEvent::wanted, CommitStatusEvent::progress)
        .containsExactly(
            tuple(State.RUNNING, Progress.PENDING),
            tuple(State.RUNNING, Progress.DELIVERED),
            tuple(State.SUCCESS, Progress.PENDING),
            tuple(State.SUCCESS, Progress.DELIVERED));
    assertThat(history)
        .extracting(CommitStatusEvent::version)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 4).boxed().toList());
    CommitStatusEvent pending = history.get(2);
    assertThat(Objects.requireNonNull(pending.shown()).state()).isEqualTo("INPROGRESS");
    assertThat(history.getLast())
        .returns(project.repository, CommitStatusEvent::repository)
        .returns("7", CommitStatusEvent::number)
        .returns("Unit tests", CommitStatusEvent::name)
        .returns("Passed in 2m", CommitStatusEvent::description)
        .returns(success, CommitStatusEvent::causedBy)
        .returns(pending.since(), CommitStatusEvent::since)
        .returns(200, CommitStatusEvent::httpStatus)
        .returns(1, CommitStatusEvent::attempts);
    assertThat(Objects.requireNonNull(history.getLast().shown()))
        .returns("unit", CommitStatusEvent.Shown::key)
        .returns("SUCCESSFUL", CommitStatusEvent.Shown::state)
        .returns(null, CommitStatusEvent.Shown::account);
  }

  @Test
  void aLateStateChangesNothing() {
    project.await(
        project.report(project.state("running", 0).put("number", "1").put("sequence", 1)),
        DELIVERED);
    project.await(
        project.report(project.state("success", 1).put("number", "1").put("sequence", 3)),
        DELIVERED);
    project.await(
        project.report(project.state("running", 9).put("number", "1").put("sequence", 2)),
        SUPERSEDED);

    assertThat(project.status("unit").getString("state")).isEqualTo("SUCCESSFUL");
    assertThat(stack.states.of(project.commit))
        .singleElement()
        .returns(State.SUCCESS, CommitStatusEvent::wanted)
        .returns(4L, CommitStatusEvent::version);
  }

  @Test
  void whatItWaitsForIsSaid() {
    project.fault(
        Map.of(
            "kind", "status", "status", 429, "times", 1, "headers", Map.of("Retry-After", "300")));
    String event = project.report(project.state("success", 1));
    project.await(event, WAITING);

    assertThat(stack.states.history(project.commit).getLast())
        .returns(Progress.WAITING, CommitStatusEvent::progress)
        .returns(WaitingFor.RATE_LIMIT, CommitStatusEvent::waitingFor)
        .returns(429, CommitStatusEvent::httpStatus)
        .returns(null, CommitStatusEvent::shown)
        .satisfies(state -> assertThat(state.nextTryAt()).isAfter(state.at().plusSeconds(200)));

    stack.clock.advance(Duration.ofSeconds(301));
    Outcome delivered = project.await(event, DELIVERED);
    assertThat(delivered.requests())
        .extracting(ForgeRequest::method, ForgeRequest::httpStatus)
        .containsExactly(tuple("POST", 429), tuple("POST", 201));
    assertThat(stack.states.history(project.commit).getLast())
        .returns(null, CommitStatusEvent::waitingFor)
        .returns(null, CommitStatusEvent::nextTryAt)
        .returns(null, CommitStatusEvent::reason);
  }

  @Test
  void aRefusalIsTheEnd() {
    project.fault(Map.of("kind", "status", "status", 400));
    project.await(project.report(project.state("success", 1)), FAILED);

    assertThat(stack.states.history(project.commit).getLast())
        .returns(Progress.FAILED, CommitStatusEvent::progress)
        .returns(400, CommitStatusEvent::httpStatus)
        .satisfies(state -> assertThat(state.reason()).contains("Bitbucket refuses the status"));
  }

  @Test
  void itLeadsBackToItsDelivery() {
    UUID delivery = UUID.randomUUID();
    String push = push("refs/heads/main", delivery, 1);
    push("refs/tags/v1", UUID.randomUUID(), 2);
    Project.patiently()
        .untilAsserted(
            () -> {
              Outcome outcome =
                  project.await(
                      project.report(project.state("success", 1).put("ref", "main")), DELIVERED);
              assertThat(outcome)
                  .returns(push, Outcome::pushId)
                  .returns(delivery.toString(), Outcome::deliveryId);
            });
    assertThat(stack.states.history(project.commit).getLast())
        .returns(push, CommitStatusEvent::pushId)
        .returns(delivery.toString(), CommitStatusEvent::deliveryId);
  }

  @Test
  void whatTheRunnerSaysOfItsPushCounts() {
    push("refs/heads/main", UUID.randomUUID(), 1);
    Outcome outcome =
        project.await(
            project.report(project.state("success", 1).put("pushId", "p").put("deliveryId", "d")),
            DELIVERED);
    assertThat(outcome).returns("p", Outcome::pushId).returns("d", Outcome::deliveryId);
  }

  private String push(String ref, UUID delivery, int second) {
    return stack.topics.write(
        Topic.PUSH,
        project.repository.id().toString(),
        new String(EventJson.write(push(ref, delivery, Instant.now().plusSeconds(second))), UTF_8),
        Map.of());
  }

  private PushEvent push(String ref, UUID delivery, Instant receivedAt) {
    return new PushEvent(
        project.repository,
        ref,
        PushEvent.Type.BRANCH,
        PushEvent.Change.UPDATED,
        null,
        project.commit,
        false,
        project.commit,
        "Fix",
        "Jo",
        false,
        false,
        false,
        null,
        null,
        delivery,
        1,
        null,
        receivedAt);
  }
}
