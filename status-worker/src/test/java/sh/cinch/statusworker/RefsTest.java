package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.status.StatusKey;

/**
 * One commit on several refs, whether a forge tells its statuses apart by their keys or by keys and
 * refnames: every build comes to its end.
 */
class RefsTest {

  private static final String DEVELOP = "refs/heads/develop";

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();

  @AfterEach
  void asUsual() {
    stack.bitbucket.identifyStatusesBy("key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void twoBranchesOnOneCommitBothEnd(String identity) {
    stack.bitbucket.identifyStatusesBy(identity);
    posted(state("running", 0, "1", "refs/heads/main"));
    posted(state("running", 1, "2", DEVELOP));
    posted(state("success", 2, "1", "refs/heads/main"));
    posted(state("success", 3, "2", DEVELOP));

    assertThat(statuses())
        .extracting(
            status -> status.getString("key"),
            status -> status.getString("refname"),
            status -> status.getString("state"))
        .containsExactlyInAnyOrder(
            tuple("unit", "main", "SUCCESSFUL"),
            tuple(StatusKey.further("unit", DEVELOP), "develop", "SUCCESSFUL"));
    assertThat(stack.states.of(project.commit))
        .extracting(
            CommitStatusEvent::ref,
            CommitStatusEvent::progress,
            state -> Objects.requireNonNull(state.shown()).key(),
            state -> Objects.requireNonNull(state.shown()).state())
        .containsExactlyInAnyOrder(
            tuple("refs/heads/main", Progress.DELIVERED, "unit", "SUCCESSFUL"),
            tuple(DEVELOP, Progress.DELIVERED, StatusKey.further("unit", DEVELOP), "SUCCESSFUL"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void aTagsStatusBelongsToNoBranch(String identity) {
    stack.bitbucket.identifyStatusesBy(identity);
    posted(state("running", 0, "1", "main"));
    posted(state("running", 1, "2", "refs/tags/v1.0.0"));
    posted(state("failure", 2, "1", "main"));
    posted(state("success", 3, "2", "refs/tags/v1.0.0"));

    assertThat(statuses()).hasSize(2);
    assertThat(project.status("unit").getString("state")).isEqualTo("FAILED");
    JsonObject tag = project.status(StatusKey.further("unit", "refs/tags/v1.0.0"));
    assertThat(tag.getString("state")).isEqualTo("SUCCESSFUL");
    assertThat(tag.getString("refname")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void aStatusThatGetsARefStaysTheOne(String identity) {
    stack.bitbucket.identifyStatusesBy(identity);
    posted(project.state("running", 0).put("number", "1"));
    posted(state("success", 1, "1", "refs/heads/main"));

    assertThat(statuses())
        .singleElement()
        .returns("unit", status -> status.getString("key"))
        .returns("SUCCESSFUL", status -> status.getString("state"))
        .returns(null, status -> status.getString("refname"));
    assertThat(stack.states.of(project.commit))
        .as("what was published of it without a ref is taken back")
        .singleElement()
        .returns("refs/heads/main", CommitStatusEvent::ref)
        .returns(Progress.DELIVERED, CommitStatusEvent::progress);
  }

  private ObjectNode state(String state, int second, String number, String ref) {
    return project.state(state, second).put("number", number).put("ref", ref);
  }

  private void posted(ObjectNode state) {
    project.await(project.report(state), DELIVERED);
  }

  private List<JsonObject> statuses() {
    return stack.bitbucket.statuses(project.fullName(), project.commit);
  }
}
