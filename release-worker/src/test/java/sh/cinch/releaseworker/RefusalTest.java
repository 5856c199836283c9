package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;
import static sh.cinch.schema.event.Outcome.Result.WAITING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.Outcome;

/** What cannot be released says why, to whoever asked, and leaves nothing behind. */
class RefusalTest {

  private final Stack stack = Stack.SHARED;

  @AfterEach
  void mend() {
    stack.mend();
  }

  @Test
  void aTagThatIsNotThereIsWaitedForAndThenAskedFor() {
    Project project = Project.connected();
    String event = project.ask(project.request("app", Project.bytes(1, 10)).put("tag", "v9"));

    Outcome waiting = project.await(event, WAITING);
    assertThat(waiting.reason()).isEqualTo("Bitbucket does not know the tag v9 (yet)");
    for (int i = 0; i < 3; i++) {
      int attempts = i + 2;
      stack.clock.advance(Duration.ofMinutes(3));
      project.awaitAttempts(event, attempts);
    }

    Outcome failed = project.await(event, FAILED);
    assertThat(failed.reason())
        .isEqualTo(
            "Bitbucket does not know the tag v9. Nothing was sent: push the tag, then release"
                + " again");
    assertThat(failed.httpStatus()).isEqualTo(404);
    assertThat(project.file(event, "app").reason()).startsWith("not sent: Bitbucket does not know");
    assertThat(project.awaitDeadLetter()).isEqualTo(failed.reason());
    assertThat(project.downloads()).isEmpty();
  }

  @Test
  void aTagThatIsPushedInTheEndIsReleased() {
    Project project = Project.connected();
    ObjectNode request = project.request("app", Project.bytes(1, 10)).put("tag", "v9");
    // The hash is known before the push arrives: a build knows what it is about to tag.
    String commit = "b2".repeat(20);
    String event = project.ask(request.put("commit", commit));
    project.await(event, WAITING);

    stack.bitbucket.push(project.fullName, "refs/tags/v9", commit);
    stack.clock.advance(Duration.ofMinutes(3));

    project.await(event, DELIVERED);
  }

  @Test
  void aTagOnAnotherCommitIsNotReleased() {
    Project project = Project.connected();
    String other = "a1".repeat(20);
    String event = project.ask(project.request("app", Project.bytes(1, 10)).put("commit", other));

    Outcome failed = project.await(event, FAILED);

    assertThat(failed.reason())
        .isEqualTo(
            "the tag v1.4.0 points to %s, and the release was asked for %s. Nothing was sent: release from the commit that is tagged, or move the tag"
                .formatted(project.commit, other));
    assertThat(project.downloads()).isEmpty();
  }

  @Test
  void aCredentialThatMayNotWriteIsExplained() {
    Project project = new Project("repository");
    String event = project.ask(project.request("app", Project.bytes(1, 10)));

    Outcome failed = project.await(event, FAILED);

    assertThat(project.file(event, "app").reason())
        .contains("needs the scope repository:write")
        .contains("Connect the repository with a credential that has it");
    assertThat(failed.reason()).startsWith("1 of 1 files could not be sent: app (the credential");
    assertThat(project.file(event, "app").httpStatus()).isEqualTo(403);
  }

  @Test
  void aFileThatBitbucketFindsTooLargeIsExplained() {
    Project project = Project.connected();
    stack.bitbucket.settings(Map.of("largestUpload", 5_000));
    ObjectNode request = project.request("small", Project.bytes(1, 10));
    String event = project.ask(project.with(request, "large", Project.bytes(2, 300_000)));

    Outcome failed = project.await(event, FAILED);

    assertThat(project.file(event, "large").reason())
        .contains("too large")
        .contains("split the file, or keep it elsewhere and link to it");
    assertThat(failed.reason()).startsWith("1 of 2 files could not be sent: large");
    assertThat(project.file(event, "small").result()).isEqualTo(DELIVERED);
    assertThat(project.downloads()).containsOnlyKeys("small");
  }

  @Test
  void aRepositoryThatIsFullIsExplained() {
    Project project = Project.connected();
    stack.bitbucket.settings(Map.of("repositoryBytes", 1_000));
    String event = project.ask(project.request("app", Project.bytes(1, 2_000)));

    project.await(event, FAILED);

    assertThat(project.file(event, "app").reason())
        .contains("at most 1000 are allowed")
        .contains("delete downloads that nobody needs any more");
  }

  @Test
  void theChecksumsAreNotSentWithoutTheFiles() {
    Project project = Project.connected();
    ObjectNode request = project.request("good", Project.bytes(1, 10));
    project.with(request, "gone", Project.bytes(2, 10), "artifact:" + UUID.randomUUID());
    request.remove("options");

    String event = project.ask(request);
    Outcome failed = project.await(event, FAILED);

    assertThat(project.downloads()).containsOnlyKeys("good");
    assertThat(project.file(event, "v1.4.0-SHA256SUMS").reason())
        .isEqualTo("not sent: not all files were");
    assertThat(failed.reason()).startsWith("1 of 3 files could not be sent: gone (");
  }

  @Test
  void whatWasDisconnectedIsNotReleased() {
    Project project = Project.connected();
    project.await(project.ask(project.request("app", Project.bytes(1, 10))), DELIVERED);
    project.disconnect();

    String event = project.ask(project.request("app", Project.bytes(2, 10)));
    Outcome failed = project.await(event, FAILED);

    assertThat(failed.reason()).isEqualTo("the repository is not connected with Cinch any more");
    assertThat(project.deadLetters()).isEmpty();
  }

  @Test
  void aFailedReleaseCanBeReplayed() {
    Project project = Project.connected();
    ObjectNode request =
        project.request("app", Project.bytes(1, 10)).put("commit", "a1".repeat(20));
    String event = project.ask(request);
    project.await(event, FAILED);

    // Corrected, under the same id, as dead letters are replayed.
    project.ask(request.put("commit", project.commit), Map.of("ce_id", event, "cinch-replay", "1"));

    project.await(event, DELIVERED);
    assertThat(project.downloads()).containsOnlyKeys("app");
  }

  @Test
  void aReplayGoesOnWithWhatIsMissing() {
    Project project = Project.connected();
    byte[] late = Project.bytes(2, 10);
    ObjectNode request = project.request("first", Project.bytes(1, 10));
    project.with(request, "second", late, "artifact:" + UUID.randomUUID());
    String event = project.ask(request);
    project.await(event, FAILED);

    ((ObjectNode) request.withArray("files").get(1)).put("source", project.lay(late).source());
    project.ask(request, Map.of("ce_id", event, "cinch-replay", "1"));
    project.await(event, DELIVERED);

    assertThat(project.downloads()).containsOnlyKeys("first", "second");
    assertThat(project.stored("first").replaced()).isZero();
  }
}
