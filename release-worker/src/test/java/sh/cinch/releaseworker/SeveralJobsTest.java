package sh.cinch.releaseworker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.database.release_worker.Tables.RELEASE_FILE;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.Outcome;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.SimulatedBitbucket.StoredFile;

/** Jobs of one build release files of one tag, each its own. */
class SeveralJobsTest {

  private static final String CHECKSUMS = Project.TAG + "-SHA256SUMS";
  private static final int ROUNDS = Scale.of(3, 20);
  private static final int JOBS = 3;

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();
  private final Map<String, String> sums = new TreeMap<>();

  @AfterEach
  void mend() {
    stack.mend();
  }

  @Test
  void oneAfterTheOtherTheirChecksumsAreOneFile() {
    project.await(project.ask(job("linux.tar.gz", Project.bytes(1, 100))), DELIVERED);
    String second = project.ask(job("windows.zip", Project.bytes(2, 100)));

    Outcome release = project.await(second, DELIVERED);

    assertThat(project.stored(CHECKSUMS)).isEqualTo(checksums(1));
    assertThat(release.warnings()).as("nothing was replaced").isEmpty();
    assertThat(project.states(second).getLast().files())
        .filteredOn(file -> CHECKSUMS.equals(file.name()))
        .extracting(ReleaseEvent.File::size, ReleaseEvent.File::sha256)
        .containsExactly(tuple(checksums(1).size(), checksums(1).sha256()));
  }

  @Test
  void anOlderJobThatEndsLaterAddsToThemAsWell() {
    byte[] slow = Project.bytes(1, 100);
    FakeArtifactServer.Artifact artifact = project.lay(slow);
    Promise<Void> held = Promise.promise();
    artifact.answers(response -> held.future().onComplete(go -> response.end(Buffer.buffer(slow))));
    ObjectNode request = project.with(project.request(), "linux", slow, artifact.source());
    request.remove("options");
    sums.put("linux", Project.sha256(slow));
    String first = project.ask(request);
    project.await(project.ask(job("windows", Project.bytes(2, 100))), DELIVERED);

    held.complete();

    project.await(first, DELIVERED);
    assertThat(project.stored(CHECKSUMS)).isEqualTo(checksums(1));
  }

  @Test
  void atOnceEachIsDeliveredAndTheChecksumsHaveAll() {
    for (int round = 0; round < ROUNDS; round++) {
      List<String> jobs = new ArrayList<>();
      for (int job = 0; job < JOBS; job++) {
        jobs.add(project.ask(slowJob("%d-%d".formatted(round, job))));
      }
      jobs.forEach(job -> project.await(job, DELIVERED));
      StoredFile stored = project.stored(CHECKSUMS);
      assertThat(stored).isEqualTo(checksums(stored.replaced()));
      assertThat(project.downloads()).hasSize(sums.size() + 1);
    }
    Proof.of("Several release jobs of one tag at once")
        .that("%d jobs of one tag and commit release a file each at once".formatted(JOBS))
        .figure("rounds", ROUNDS)
        .figure("jobs told that their release was delivered", ROUNDS * JOBS)
        .figure("files listed by the one file of checksums in the end", sums.size())
        .written();
  }

  @Test
  void aTagThatWasMovedBeginsAnew() {
    project.await(project.ask(job("linux", Project.bytes(1, 100))), DELIVERED);
    sums.clear();
    String moved = stack.bitbucket.push(project.fullName, "refs/tags/" + Project.TAG);
    ObjectNode request = job("linux", Project.bytes(2, 100)).put("commit", moved);

    Outcome release = project.await(project.ask(request), DELIVERED);

    assertThat(project.stored(CHECKSUMS)).isEqualTo(checksums(1));
    assertThat(release.warnings())
        .anySatisfy(warning -> assertThat(warning).startsWith(CHECKSUMS + " replaces"));
  }

  @Test
  void whoWaitsForTheChecksumsOfACommitThatHasLostTheTagWaitsForNothing() {
    List<String> waiting =
        List.of(
            project.ask(job("linux", Project.bytes(1, 100))),
            project.ask(job("windows", Project.bytes(2, 100))));
    waiting.forEach(job -> project.await(job, DELIVERED));
    waitForChecksums(waiting);
    String moved = stack.bitbucket.push(project.fullName, "refs/tags/" + Project.TAG);

    project.await(project.ask(job("mac", Project.bytes(3, 100)).put("commit", moved)), DELIVERED);

    waiting.forEach(job -> project.awaitState(job, ReleaseEvent.State.SUPERSEDED));
  }

  /** As if nothing but their checksums were missing. */
  private void waitForChecksums(List<String> jobs) {
    var sql = stack.context.database().sql();
    sql.update(RELEASE_FILE)
        .set(RELEASE_FILE.STATE, "open")
        .where(RELEASE_FILE.RELEASE_ID.in(jobs))
        .and(RELEASE_FILE.SOURCE.isNull())
        .execute();
    sql.update(RELEASE).set(RELEASE.STATE, "sending").where(RELEASE.ID.in(jobs)).execute();
  }

  private ObjectNode job(String file, byte[] bytes) {
    sums.put(file, Project.sha256(bytes));
    ObjectNode request = project.request(file, bytes);
    request.remove("options");
    return request;
  }

  /** Of which each is there after another while. */
  private ObjectNode slowJob(String file) {
    byte[] bytes = Project.bytes(file.hashCode(), 1_000);
    FakeArtifactServer.Artifact artifact = project.lay(bytes);
    artifact.answers(
        response ->
            stack
                .context
                .vertx()
                .timer(1 + ThreadLocalRandom.current().nextInt(150), TimeUnit.MILLISECONDS)
                .onComplete(over -> response.end(Buffer.buffer(bytes))));
    sums.put(file, Project.sha256(bytes));
    ObjectNode request = project.with(project.request(), file, bytes, artifact.source());
    request.remove("options");
    return request;
  }

  private StoredFile checksums(int replaced) {
    byte[] text =
        sums.entrySet().stream()
            .map(file -> "%s  %s\n".formatted(file.getValue(), file.getKey()))
            .collect(Collectors.joining())
            .getBytes(UTF_8);
    return new StoredFile(text.length, Project.sha256(text), replaced);
  }
}
