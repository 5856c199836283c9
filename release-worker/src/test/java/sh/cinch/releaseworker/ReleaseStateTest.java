package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static sh.cinch.database.release_worker.Tables.DOWNLOAD;
import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.schema.event.Outcome.Result.WAITING;
import static sh.cinch.schema.event.ReleaseEvent.State.DELIVERED;
import static sh.cinch.schema.event.ReleaseEvent.State.FAILED;
import static sh.cinch.schema.event.ReleaseEvent.State.REQUESTED;
import static sh.cinch.schema.event.ReleaseEvent.State.SENDING;
import static sh.cinch.schema.event.ReleaseEvent.State.SUPERSEDED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseEvent.FileState;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.testkit.LogSpy;
import sh.cinch.testkit.TopicReader;

/** How a release stands is published with each change, once, and is what its outcomes say. */
class ReleaseStateTest {

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();
  private final byte[] bytes = Project.bytes(1, 1000);

  private final LogSpy log = new LogSpy();

  @AfterEach
  void mend() {
    log.close();
    stack.mend();
    assertThat(log.lines())
        .as("nothing is left to who looks after what others change")
        .noneMatch(line -> line.contains("without being published"));
  }

  @Test
  void eachStepIsAVersion() {
    ObjectNode request = project.with(project.request("a b", bytes), "c", bytes);
    request.remove("options");

    String event = project.ask(request);
    ReleaseEvent last = project.awaitState(event, DELIVERED);

    List<ReleaseEvent> states = project.states(event);
    assertThat(states)
        .extracting(ReleaseEvent::state)
        .containsExactly(REQUESTED, SENDING, SENDING, SENDING, DELIVERED);
    assertThat(states)
        .extracting(
            state -> state.files().stream().filter(file -> file.state() == FileState.OPEN).count())
        .containsExactly(3L, 3L, 2L, 1L, 0L);
    assertThat(states).extracting(ReleaseEvent::waitingFor).containsOnlyNulls();
    assertThat(states).extracting(ReleaseEvent::reason).containsOnlyNulls();
    assertThat(last)
        .isEqualTo(
            new ReleaseEvent(
                project.repository,
                event,
                Project.TAG,
                project.commit,
                5,
                1,
                states.getFirst().requestedAt(),
                DELIVERED,
                null,
                null,
                last.files(),
                last.warnings(),
                null,
                last.at()));
    assertThat(last.files())
        .extracting(
            ReleaseEvent.File::name,
            ReleaseEvent.File::url,
            ReleaseEvent.File::httpStatus,
            ReleaseEvent.File::attempts)
        .containsExactly(
            tuple("a b", page("a_b"), 201, 1),
            tuple("c", page("c"), 201, 1),
            tuple("v1.4.0-SHA256SUMS", page("v1.4.0-SHA256SUMS"), 201, 1));
    assertThat(last.files().getFirst().size()).isEqualTo(bytes.length);
    assertThat(last.files().getFirst().sha256()).isEqualTo(Project.sha256(bytes));
    assertThat(last.files().getFirst().warnings()).isNotEmpty();
    assertThat(states.getFirst().files()).extracting(ReleaseEvent.File::url).containsOnlyNulls();
  }

  private String page(String name) {
    return "%s/%s/downloads/%s".formatted(stack.bitbucket.url(), project.fullName, name);
  }

  @Test
  void itIsACloudEventOfTheSameTrace() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String event =
        project.ask(
            project.request("app", bytes),
            Map.of("traceparent", "00-%s-00f067aa0ba902b7-01".formatted(trace)));
    project.awaitState(event, DELIVERED);

    assertThat(stack.states.records(event))
        .allSatisfy(
            record -> {
              assertThat(TopicReader.header(record, "ce_type")).contains("sh.cinch.release");
              assertThat(TopicReader.header(record, "ce_source")).contains("/cinch/release-worker");
              assertThat(TopicReader.header(record, "ce_subject")).contains(Project.TAG);
              assertThat(TopicReader.header(record, "traceparent").orElse("")).contains(trace);
            });
  }

  @Test
  void theSameRecordAgainIsNoNewVersion() {
    ObjectNode request = project.request("app", bytes);
    String event = project.ask(request);
    project.awaitState(event, DELIVERED);

    project.ask(request, Map.of("ce_id", event));
    project.awaitState(project.ask(project.request("other", bytes)), DELIVERED);

    assertThat(stack.states.records(event)).hasSize(3);
  }

  @Test
  void whatIsRefusedBeforeItIsSentHasFailed() {
    String event = project.ask(project.request("app", bytes).put("commit", "a1".repeat(20)));

    ReleaseEvent failed = project.awaitState(event, FAILED);

    assertThat(failed.version()).isEqualTo(2);
    assertThat(failed.reason()).startsWith("the tag v1.4.0 points to");
    assertThat(failed.files())
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.state()).isEqualTo(FileState.FAILED);
              assertThat(file.reason()).isEqualTo("not sent: " + failed.reason());
              assertThat(file.url()).isNull();
            });
  }

  @Test
  void whatFailsForOneFileSaysWhich() {
    stack.bitbucket.settings(Map.of("repositoryBytes", 5_000));
    ObjectNode request = project.request("small", bytes);
    String event = project.ask(project.with(request, "large", Project.bytes(2, 6_000)));

    ReleaseEvent failed = project.awaitState(event, FAILED);

    assertThat(failed.reason())
        .isEqualTo(project.of(event, Outcome.Kind.RELEASE).getLast().reason());
    assertThat(failed.files())
        .extracting(ReleaseEvent.File::state, ReleaseEvent.File::httpStatus)
        .containsExactly(tuple(FileState.DELIVERED, 201), tuple(FileState.FAILED, 400));
    assertThat(failed.files().getLast().reason()).isEqualTo(project.file(event, "large").reason());
  }

  @Test
  void whatCannotBeCarriedOutHasFailedAtOnce() {
    ObjectNode request = project.request("good", bytes);
    String event =
        project.ask(project.with(request, "app", bytes, "https://elsewhere.example/app"));

    ReleaseEvent failed = project.awaitState(event, FAILED);

    assertThat(failed.version()).isEqualTo(1);
    assertThat(failed.reason()).startsWith("app cannot be fetched: ");
    assertThat(failed.files())
        .extracting(ReleaseEvent.File::name, ReleaseEvent.File::state, ReleaseEvent.File::reason)
        .containsExactly(
            tuple("good", FileState.FAILED, "not sent: " + failed.reason()),
            tuple("app", FileState.FAILED, "not sent: " + failed.reason()));
  }

  @Test
  void whatCannotEvenBeNamedHasFailedAtOnce() {
    String event = project.ask(project.with(project.request("a b", bytes), "a_b", bytes));

    ReleaseEvent failed = project.awaitState(event, FAILED);

    assertThat(failed.reason()).startsWith("'a b' and 'a_b' would both be called a_b");
    assertThat(failed.files()).isEmpty();
  }

  @Test
  void whatIsAskedForOfADisconnectedRepositoryHasFailedAtOnce() {
    project.awaitState(project.ask(project.request("app", bytes)), DELIVERED);
    project.disconnect();

    String event = project.ask(project.request("app", bytes));

    assertThat(project.awaitState(event, FAILED).reason())
        .isEqualTo("the repository is not connected with Cinch any more");
  }

  /** Nothing of the first was ever sent: no person has to replay it. */
  @Test
  void whatCouldNotBeCarriedOutMayBeAskedForAgainUnderItsId() {
    ObjectNode request = project.request("app", bytes);
    ((ObjectNode) request.withArray("files").get(0)).put("size", Stack.LARGEST + 1);
    String event = project.ask(request);
    project.awaitState(event, FAILED);

    project.ask(request, Map.of("ce_id", event));
    project.ask(project.request("app", bytes), Map.of("ce_id", event));

    assertThat(project.awaitState(event, DELIVERED).round()).isEqualTo(2);
    assertThat(project.states(event).get(1).reason()).isNull();
    assertThat(project.deadLetters()).hasSize(1);
  }

  @Test
  void aReplayIsAnotherRound() {
    FakeArtifactServer.Artifact artifact = project.lay(bytes);
    artifact.remove();
    ObjectNode request = project.with(project.request(), "a b", bytes, artifact.source());
    String event = project.ask(request);
    assertThat(project.awaitState(event, FAILED).warnings()).isNotEmpty();

    artifact.answers(response -> response.end(Buffer.buffer(bytes)));
    project.ask(request, Map.of("ce_id", event, "cinch-replay", "1"));
    project.awaitState(event, DELIVERED);

    List<ReleaseEvent> states = project.states(event);
    assertThat(states)
        .extracting(ReleaseEvent::round, ReleaseEvent::state)
        .containsExactly(
            tuple(1, REQUESTED),
            tuple(1, SENDING),
            tuple(1, FAILED),
            tuple(2, REQUESTED),
            tuple(2, SENDING),
            tuple(2, DELIVERED));
    ReleaseEvent again = states.get(3);
    assertThat(again.reason()).isNull();
    assertThat(again.warnings()).isEmpty();
    assertThat(again.requestedAt()).isEqualTo(states.getFirst().requestedAt());
    assertThat(again.files()).isEqualTo(states.getFirst().files());
  }

  @Test
  void whatWaitsForItsTagSaysSo() {
    String event = project.ask(project.request("app", bytes).put("tag", "v9"));
    ReleaseEvent waiting = project.awaitState(event, REQUESTED, WaitingFor.COMMIT);

    assertThat(waiting.reason()).isEqualTo("Bitbucket does not know the tag v9 (yet)");
    assertThat(waiting.nextTryAt()).isAfter(waiting.at());
    stack.clock.advance(Duration.ofMinutes(1));
    ReleaseEvent again =
        Project.patiently()
            .until(() -> project.states(event), states -> states.size() > 2)
            .getLast();
    assertThat(again.waitingFor()).isEqualTo(WaitingFor.COMMIT);
    assertThat(again.nextTryAt()).isAfter(waiting.nextTryAt());

    stack.bitbucket.push(project.fullName, "refs/tags/v9", project.commit);
    stack.clock.advance(Duration.ofMinutes(3));
    project.awaitState(event, DELIVERED);
    assertThat(project.states(event))
        .filteredOn(state -> state.state() != REQUESTED)
        .isNotEmpty()
        .allSatisfy(
            state -> {
              assertThat(state.waitingFor()).isNull();
              assertThat(state.nextTryAt()).isNull();
              assertThat(state.reason()).isNull();
            });
  }

  @Test
  void whatWaitsForAPersonSaysSo() {
    project.credential.needsAuthorization("somebody revoked it");

    String event = project.ask(project.request("app", bytes));

    assertThat(project.awaitState(event, REQUESTED, WaitingFor.AUTHORIZATION).reason())
        .contains("somebody revoked it");
  }

  @ParameterizedTest
  @CsvSource({"503, BITBUCKET", "429, RATE_LIMIT"})
  void whatWaitsWhileItIsSentSaysSo(int status, WaitingFor waitingFor) {
    refuse(status);
    String event = project.ask(project.request("app", bytes));
    ReleaseEvent waiting = project.awaitState(event, SENDING, waitingFor);

    assertThat(waiting.nextTryAt()).isAfter(waiting.at());
    assertThat(waiting.reason()).isEqualTo(project.file(event, "app").reason());
    assertThat(waiting.files())
        .extracting(
            ReleaseEvent.File::state,
            ReleaseEvent.File::httpStatus,
            ReleaseEvent.File::attempts,
            ReleaseEvent.File::reason)
        .containsExactly(tuple(FileState.OPEN, status, 1, waiting.reason()));

    stack.bitbucket.mend();
    stack.clock.advance(Duration.ofMinutes(11));
    ReleaseEvent delivered = project.awaitState(event, DELIVERED);
    assertThat(delivered.waitingFor()).isNull();
    assertThat(delivered.nextTryAt()).isNull();
    assertThat(delivered.reason()).isNull();
    assertThat(delivered.files())
        .extracting(
            ReleaseEvent.File::httpStatus, ReleaseEvent.File::attempts, ReleaseEvent.File::reason)
        .containsExactly(tuple(201, project.file(event, "app").attempts(), null));
  }

  private void refuse(int status) {
    stack.bitbucket.fault(
        Map.of(
            "path",
            project.path() + "/downloads",
            "method",
            "POST",
            "kind",
            "status",
            "status",
            status));
  }

  @Test
  void whatWaitsForItsSourceSaysSoUntilItsOtherFilesAreAll() {
    FakeArtifactServer.Artifact away = project.lay(bytes);
    away.answers(response -> response.setStatusCode(503).end());
    ObjectNode request = project.request("first", bytes);

    String event = project.ask(project.with(request, "second", bytes, away.source()));
    ReleaseEvent waiting =
        Project.patiently()
            .until(
                () -> project.states(event),
                states ->
                    !states.isEmpty()
                        && states.getLast().waitingFor() == WaitingFor.SOURCE
                        && states.getLast().files().getFirst().state() == FileState.DELIVERED)
            .getLast();

    assertThat(waiting.state()).isEqualTo(SENDING);
    assertThat(waiting.files().getLast().state()).isEqualTo(FileState.OPEN);
    assertThat(waiting.files().getLast().reason()).isEqualTo(waiting.reason());
  }

  /** Of many files each would tell all of them again, every few minutes, for days. */
  @Test
  void ofManyFilesThatWaitOneIsTold() {
    stack.bitbucket.fault(
        Map.of(
            "path",
            project.path() + "/downloads",
            "method",
            "POST",
            "kind",
            "status",
            "status",
            429,
            "headers",
            Map.of("Retry-After", "300")));
    ObjectNode request = project.request();
    for (int i = 0; i < 12; i++) {
      project.with(request, "file-" + i, bytes);
    }
    String event = project.ask(request);
    Project.patiently().until(() -> project.files(event).size() == 12);
    assertThat(project.files(event)).extracting(Outcome::result).containsOnly(WAITING);

    assertThat(project.states(event)).hasSizeBetween(3, 9);
    stack.bitbucket.mend();
    stack.clock.advance(Duration.ofMinutes(11));
    project.awaitState(event, DELIVERED);
  }

  @Test
  void whatANewerReleaseTakesTheNamesOfIsSuperseded() {
    refuse(503);
    ObjectNode request = project.request("a", bytes);
    String older = project.ask(project.with(request, "b", bytes));
    project.awaitState(older, SENDING, WaitingFor.BITBUCKET);

    ObjectNode newer = project.request("a", Project.bytes(2, 10));
    project.ask(project.with(newer, "b", Project.bytes(3, 10)));

    ReleaseEvent last = project.awaitState(older, SUPERSEDED);
    assertThat(last.waitingFor()).isNull();
    assertThat(last.reason()).isEqualTo(project.of(older, Outcome.Kind.RELEASE).getLast().reason());
    assertThat(last.files())
        .extracting(ReleaseEvent.File::state, ReleaseEvent.File::httpStatus)
        .containsOnly(tuple(FileState.SUPERSEDED, 503));
    assertThat(project.states(older))
        .as("both files with one change")
        .filteredOn(state -> state.files().getFirst().state() == FileState.SUPERSEDED)
        .hasSize(1);
  }

  /** Who settles a file holds its download and waits for its release. */
  @Test
  void noReleaseIsLockedBeforeADownload() {
    refuse(503);
    ObjectNode request = project.request("a", bytes);
    String older = project.ask(project.with(request, "b", bytes));
    project.await(older, WAITING);
    Project.patiently().until(() -> project.files(older).size() == 2);

    stack
        .context
        .database()
        .write(
            sql -> {
              sql.selectFrom(DOWNLOAD)
                  .where(DOWNLOAD.REPOSITORY_ID.eq(project.repository.id()))
                  .and(DOWNLOAD.NAME.eq("b"))
                  .forUpdate()
                  .fetchSingle();
              ObjectNode newer = project.request("a", Project.bytes(2, 10));
              project.ask(project.with(newer, "b", Project.bytes(3, 10)));
              Project.patiently().until(this::isADownloadWaitedFor);
              sql.selectFrom(RELEASE).where(RELEASE.ID.eq(older)).forUpdate().noWait().fetch();
            });

    project.awaitState(older, SUPERSEDED);
  }

  /** Asked outside the transaction, which would be answered the same each time. */
  private boolean isADownloadWaitedFor() {
    DSLContext sql = stack.context.database().sql();
    return sql.fetchExists(
        sql.selectOne()
            .from("pg_stat_activity")
            .where("wait_event_type = 'Lock' and query like 'insert into%download%'"));
  }
}
