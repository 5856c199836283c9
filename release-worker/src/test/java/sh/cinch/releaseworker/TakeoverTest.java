package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;

/** Instances share the work, and one takes over what another leaves behind. */
class TakeoverTest {

  private static final int FILES = 12;
  private static final int HALF = 200_000;

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();
  private final byte[] bytes = Project.bytes(1, 400_000);

  private final List<HttpServerResponse> halves = new CopyOnWriteArrayList<>();

  @AfterEach
  void mend() {
    stack.mend();
    finishHalves();
  }

  private void finishHalves() {
    halves.stream()
        .filter(response -> !response.ended() && !response.closed())
        .forEach(this::finish);
  }

  @Test
  void whatSomebodyElseTakesOverIsSentByThem() {
    List<FakeArtifactServer.Artifact> artifacts = new ArrayList<>();
    String event = project.ask(stalling(artifacts));
    Project.patiently().until(() -> fetched(artifacts) == Stack.UPLOADS / 2);
    ServiceContext context = stack.context();
    RunningService other = ReleaseWorkerService.start(stack.config, context);

    // Before the first one can say that it goes on, its claims have run out.
    artifacts.forEach(artifact -> artifact.answers(response -> response.end(Buffer.buffer(bytes))));
    stack.clock.advance(Duration.ofSeconds(21));

    project.await(event, DELIVERED);
    assertThat(project.downloads()).hasSize(FILES);
    assertThat(project.downloads().values())
        .allSatisfy(stored -> assertThat(stored.sha256()).isEqualTo(Project.sha256(bytes)));
    assertThat(project.files(event)).hasSize(FILES);
    other.close();
    context.close();
  }

  @Test
  void anInstanceThatClosesLeavesWhatItCannotFinish() {
    ServiceContext context = stack.context();
    RunningService closing = ReleaseWorkerService.start(stack.config, context);
    List<FakeArtifactServer.Artifact> artifacts = new ArrayList<>();
    String event = project.ask(stalling(artifacts));
    // Both have begun all that they do at once for one repository.
    Project.patiently().until(() -> fetched(artifacts) == Stack.UPLOADS);
    artifacts.forEach(artifact -> artifact.answers(response -> response.end(Buffer.buffer(bytes))));

    closing.close();
    context.close();

    // What it left is due before its claims would have run out.
    stack.clock.advance(Duration.ofSeconds(16));
    finishHalves();
    project.await(event, DELIVERED);
    assertThat(project.downloads().values())
        .hasSize(FILES)
        .allSatisfy(stored -> assertThat(stored.sha256()).isEqualTo(Project.sha256(bytes)));
  }

  @Test
  void filesOfOneReleaseGoTogetherWithinABound() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ObjectNode request = project.request();
    for (int i = 0; i < 2 * FILES; i++) {
      FakeArtifactServer.Artifact artifact = project.lay(bytes);
      artifact.answers(
          response -> {
            int unused = most.accumulateAndGet(now.incrementAndGet(), Math::max);
            half(response);
            stack
                .context
                .vertx()
                .timer(100, TimeUnit.MILLISECONDS)
                .onComplete(
                    over -> {
                      now.decrementAndGet();
                      finish(response);
                    });
          });
      project.with(request, "file-" + i, bytes, artifact.source());
    }

    project.await(project.ask(request), DELIVERED);

    assertThat(most.get()).isEqualTo(Stack.UPLOADS / 2);
  }

  @Test
  void oneRepositoryDoesNotHoldUpAnother() {
    List<FakeArtifactServer.Artifact> artifacts = new ArrayList<>();
    project.ask(stalling(artifacts));
    Project.patiently().until(() -> fetched(artifacts) == Stack.UPLOADS / 2);

    Project other = Project.connected();
    other.await(other.ask(other.request("app", bytes)), DELIVERED);

    assertThat(other.downloads()).containsOnlyKeys("app");
    assertThat(fetched(artifacts)).isEqualTo(Stack.UPLOADS / 2);
  }

  /** A release of files that come to half and no further. */
  private ObjectNode stalling(List<FakeArtifactServer.Artifact> artifacts) {
    ObjectNode request = project.request();
    for (int i = 0; i < FILES; i++) {
      FakeArtifactServer.Artifact artifact = project.lay(bytes);
      artifact.answers(this::half);
      artifacts.add(artifact);
      project.with(request, "file-" + i, bytes, artifact.source());
    }
    return request;
  }

  private void half(HttpServerResponse response) {
    response.putHeader("content-length", String.valueOf(bytes.length));
    response.write(Buffer.buffer(Arrays.copyOf(bytes, HALF)));
    halves.add(response);
  }

  private void finish(HttpServerResponse response) {
    response.end(Buffer.buffer(Arrays.copyOfRange(bytes, HALF, bytes.length)));
  }

  private static int fetched(List<FakeArtifactServer.Artifact> artifacts) {
    return artifacts.stream().mapToInt(FakeArtifactServer.Artifact::fetched).sum();
  }
}
