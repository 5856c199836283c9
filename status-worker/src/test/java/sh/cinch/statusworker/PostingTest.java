package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.SUPERSEDED;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
    var state = project.state("success", 1);
    state
        .putObject("repository")
        .put("forge", "bitbucket-cloud")
        .put("fullName", project.fullName());
    project.await(project.report(state), DELIVERED);
    assertThat(project.writes()).containsExactly("SUCCESSFUL");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRenameBreaksNothing(boolean redirect) {
    project.await(project.report(project.state("running", 0)), DELIVERED);
    String elsewhere = project.fullName() + "-renamed";
    Stack.SHARED.bitbucket.rename(project.fullName(), elsewhere, redirect);
    Outcome outcome = project.await(project.report(project.state("success", 1)), DELIVERED);
    assertThat(outcome.attempts()).isOne();
    assertThat(Stack.SHARED.bitbucket.writes(elsewhere, project.commit))
        .containsExactly("INPROGRESS", "SUCCESSFUL");
  }

  @Test
  void aDescriptionOfTwoLinesIsShownInOne() {
    String event = project.report(project.state("success", 1).put("description", "a\nb"));
    project.await(event, DELIVERED);
    assertThat(project.status("unit").getString("description")).isEqualTo("a b");
  }

  @Test
  void whatHadToBeChangedIsSaidInTheOutcome() {
    String event = project.report(project.state("success", 1).put("url", "http://jenkins1/1"));
    assertThat(project.await(event, DELIVERED).warnings()).hasSize(1);
    assertThat(project.status("unit").getString("url"))
        .endsWith(project.fullName() + "/commits/" + project.commit);
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
