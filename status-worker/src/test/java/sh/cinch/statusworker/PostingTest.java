package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.SUPERSEDED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.Outcome;
import sh.cinch.testkit.TopicReader;

/** From a record on the topic to a status on Bitbucket, and back to an outcome. */
class PostingTest {

  private final Project project = Project.connected();

  @Test
  void aStateBecomesAStatus() {
    String event =
        project.report(
            project
                .state("success", 1)
                .put("name", "Unit tests")
                .put("number", "412")
                .put("ref", "refs/heads/feature/x")
                .put("description", "Build passed in 2m 34s")
                .put("url", "https://ci.example.com/jobs/412"));
    Outcome outcome = project.await(event, DELIVERED);
    assertThat(outcome.httpStatus()).isEqualTo(201);
    assertThat(outcome.attempts()).isEqualTo(1);
    assertThat(outcome.latencyMs()).isNotNegative();
    assertThat(outcome.key()).isEqualTo("unit");
    assertThat(outcome.repository()).isEqualTo(project.repository);
    var status = project.status("unit");
    assertThat(status.getString("state")).isEqualTo("SUCCESSFUL");
    assertThat(status.getString("name")).isEqualTo("Unit tests");
    assertThat(status.getString("refname")).isEqualTo("feature/x");
    assertThat(status.getString("description")).isEqualTo("Build passed in 2m 34s");
    assertThat(status.getString("url")).isEqualTo("https://ci.example.com/jobs/412");
  }

  @Test
  void statesFollowEachOther() {
    for (String state : new String[] {"pending", "running", "success"}) {
      project.await(project.report(project.state(state, 1)), DELIVERED);
    }
    assertThat(project.writes()).containsExactly("INPROGRESS", "INPROGRESS", "SUCCESSFUL");
  }

  @Test
  void lateRunningIsSuperseded() {
    project.await(project.report(project.state("success", 1).put("number", "1")), DELIVERED);
    String late = project.report(project.state("running", 9).put("number", "1"));
    project.await(late, SUPERSEDED);
    assertThat(project.writes()).containsExactly("SUCCESSFUL");
  }

  @Test
  void sequenceDecidesWithinABuild() {
    project.await(project.report(project.state("pending", 9).put("sequence", 2)), DELIVERED);
    project.await(project.report(project.state("failure", 5).put("sequence", 1)), SUPERSEDED);
    project.await(project.report(project.state("success", 1).put("sequence", 3)), DELIVERED);
    assertThat(project.writes()).containsExactly("INPROGRESS", "SUCCESSFUL");
  }

  @Test
  void theLaterBuildHoldsTheStatus() {
    project.await(project.report(project.state("running", 1).put("number", "1")), DELIVERED);
    project.await(project.report(project.state("running", 2).put("number", "2")), DELIVERED);
    String late = project.report(project.state("failure", 3).put("number", "1"));
    assertThat(project.await(late, SUPERSEDED).reason()).contains("a later build");
    project.await(project.report(project.state("success", 4).put("number", "2")), DELIVERED);
    assertThat(project.writes()).containsExactly("INPROGRESS", "INPROGRESS", "SUCCESSFUL");
  }

  @Test
  void aClockThatRunsAheadFreezesNothing() {
    project.await(
        project.report(project.state("running", 0).put("occurredAt", "2100-01-01T00:00:00Z")),
        DELIVERED);
    project.await(
        project.report(project.state("success", 0).put("occurredAt", "2099-01-01T00:00:00Z")),
        DELIVERED);
    assertThat(project.status("unit").getString("state")).isEqualTo("SUCCESSFUL");
  }

  @Test
  void keysThatDifferOnlyAtTheirEndsStayApart() {
    String common = "integration tests on linux with the newest database, shard ";
    project.await(project.report(project.state("success", 1).put("key", common + 1)), DELIVERED);
    project.await(project.report(project.state("failure", 1).put("key", common + 2)), DELIVERED);
    assertThat(Stack.SHARED.bitbucket.statuses(project.fullName(), project.commit))
        .hasSize(2)
        .allSatisfy(
            status -> assertThat(status.getString("key")).startsWith("integration tests on linux"));
  }

  @Test
  void theRepositoryMayBeNamedByForgeAndFullName() {
    project.await(
        project.report(named(project.fullName(), project.state("success", 1))), DELIVERED);
    assertThat(project.writes()).containsExactly("SUCCESSFUL");
  }

  @ParameterizedTest
  @CsvSource({"false, true", "false, false", "true, true", "true, false"})
  void aRenameBreaksNothing(boolean ofTheWorkspace, boolean redirect) {
    Project alone = Project.connectedIn("lab-" + UUID.randomUUID());
    alone.await(alone.report(alone.state("running", 0)), DELIVERED);
    String before = alone.fullName();
    String renamed = ofTheWorkspace ? "new-" + before : before + "-new";
    JsonObject moved = alone.rename(renamed, redirect);
    Outcome outcome = alone.await(alone.report(alone.state("success", 1)), DELIVERED);
    assertThat(outcome.attempts()).as("calls go by uuid").isOne();

    alone.learnt(moved);
    alone.await(alone.report(named(renamed, alone.state("failure", 2))), DELIVERED);
    alone.await(alone.report(named(before, alone.state("success", 3))), DELIVERED);
    assertThat(Stack.SHARED.bitbucket.writes(renamed, alone.commit))
        .containsExactly("INPROGRESS", "SUCCESSFUL", "FAILED", "SUCCESSFUL");
  }

  @Test
  void aNameThatTheForgeHasNotSaidIsUnknown() {
    String said = project.fullName() + "-renamed";
    String event = project.report(named(said, project.state("success", 0)));
    project.awaitDeadLetter(
        event, "unknown repository bitbucket-cloud " + said + ": connect it first");
  }

  private static ObjectNode named(String fullName, ObjectNode state) {
    state.putObject("repository").put("forge", "bitbucket-cloud").put("fullName", fullName);
    return state;
  }

  @Test
  void aDescriptionOfTwoLinesIsShownInOne() {
    String event = project.report(project.state("success", 1).put("description", "a\nb"));
    project.await(event, DELIVERED);
    assertThat(project.status("unit").getString("description")).isEqualTo("a b");
  }

  @Test
  void whatHadToBeChangedIsSaidInOutcomeAndState() {
    String event =
        project.report(
            project
                .state("success", 1)
                .put("name", "Unit \u202etests " + "👩‍👩‍👧".repeat(50) + " on linux")
                .put("description", "🇩🇪".repeat(100))
                .put("url", "http://jenkins1/1"));
    List<String> warnings = project.await(event, DELIVERED).warnings();

    assertThat(warnings)
        .containsExactly(
            "line breaks and characters that nobody sees were taken out of the name",
            "the name was cut to 255 characters",
            "the description was cut to 255 characters",
            "the url has a host without a dot, which Bitbucket refuses; use the full name or an"
                + " address; the commit's own page was linked instead");
    assertThat(Stack.SHARED.states.of(project.commit))
        .singleElement()
        .returns(warnings, CommitStatusEvent::warnings);
    JsonObject status = project.status("unit");
    assertThat(status.getString("name")).matches("Unit tests (👩‍👩‍👧)+…(👩‍👩‍👧)+ on linux");
    assertThat(status.getString("description")).isEqualTo("🇩🇪".repeat(63) + "…");
    assertThat(status.getString("url")).endsWith(project.fullName() + "/commits/" + project.commit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/job/matrix[linux,jdk=25]/1",
        "/100%",
        "/a|b",
        "/<x>",
        "?q=\"x\"&{commit}",
        "/#a#b"
      })
  void noAddressOfARunnersCostsTheStatus(String rest) {
    project.await(
        project.report(project.state("success", 1).put("url", "https://ci.example.com" + rest)),
        DELIVERED);
    assertThat(project.status("unit").getString("url")).startsWith("https://ci.example.com");
  }

  @Test
  void theSameEventIsPostedOnce() {
    var state = project.state("success", 1);
    String event = project.report(state);
    project.await(event, DELIVERED);
    project.report(state, Map.of("ce_id", event));
    project.await(project.report(project.state("failure", 2)), DELIVERED);
    assertThat(project.writes()).containsExactly("SUCCESSFUL", "FAILED");
  }

  @Test
  void theTraceGoesOn() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String event =
        project.report(
            project.state("success", 1),
            Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));
    project.await(event, DELIVERED);
    ConsumerRecord<byte[], byte[]> outcome =
        Stack.SHARED.published.recordsOfCommit(project.commit).getFirst();
    assertThat(TopicReader.header(outcome, "traceparent").orElseThrow())
        .startsWith("00-" + trace)
        .doesNotContain("00f067aa0ba902b7");
    assertThat(TopicReader.header(outcome, "ce_type")).contains("sh.cinch.outcome");
    assertThat(TopicReader.header(outcome, "ce_source")).contains("/cinch/status-worker");
  }
}
