package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;

/** Instances share the work, and one takes over what another leaves behind. */
class TakeoverTest {

  private static final int FILES = 12;

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();
  private final byte[] bytes = Project.bytes(1, 400_000);
  private final StallingSources sources = new StallingSources(bytes);

  @AfterEach
  void mend() {
    sources.close();
    stack.mend();
  }

  @Test
  void whatSomebodyElseTakesOverIsSentByThem() {
    String event = project.ask(sources.request(project, FILES));
    Project.patiently().until(() -> sources.fetched() == Stack.UPLOADS / 2);
    ServiceContext context = stack.context();
    RunningService other = ReleaseWorkerService.start(stack.config, context);

    // Before the first one can say that it goes on, its claims have run out.
    sources.areWhole();
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
    String event = project.ask(sources.request(project, FILES));
    // Both have begun all that they do at once for one repository.
    Project.patiently().until(() -> sources.fetched() == Stack.UPLOADS);
    sources.areWhole();

    closing.close();
    context.close();

    // What it left is due before its claims would have run out.
    stack.clock.advance(Duration.ofSeconds(16));
    sources.goOn();
    project.await(event, DELIVERED);
    assertThat(project.downloads().values())
        .hasSize(FILES)
        .allSatisfy(stored -> assertThat(stored.sha256()).isEqualTo(Project.sha256(bytes)));
  }

  @Test
  void filesOfOneReleaseGoTogetherWithinABound() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    // The first ones wait for each other, so that no slow machine has them come one by one.
    Promise<Void> asManyAsMay = Promise.promise();
    ObjectNode request = project.request();
    for (int i = 0; i < 2 * FILES; i++) {
      FakeArtifactServer.Artifact artifact = project.lay(bytes);
      artifact.answers(
          response -> {
            if (most.accumulateAndGet(now.incrementAndGet(), Math::max) == Stack.UPLOADS / 2) {
              boolean unused = asManyAsMay.tryComplete();
            }
            asManyAsMay
                .future()
                .compose(all -> stack.context.vertx().timer(100, TimeUnit.MILLISECONDS))
                .onComplete(
                    over -> {
                      now.decrementAndGet();
                      response.end(Buffer.buffer(bytes));
                    });
          });
      project.with(request, "file-" + i, bytes, artifact.source());
    }

    project.await(project.ask(request), DELIVERED);

    assertThat(most.get()).isEqualTo(Stack.UPLOADS / 2);
  }

  @Test
  void oneRepositoryDoesNotHoldUpAnother() {
    project.ask(sources.request(project, FILES));
    Project.patiently().until(() -> sources.fetched() == Stack.UPLOADS / 2);

    Project other = Project.connected();
    other.await(other.ask(other.request("app", bytes)), DELIVERED);

    assertThat(other.downloads()).containsOnlyKeys("app");
    assertThat(sources.fetched()).isEqualTo(Stack.UPLOADS / 2);
  }

  @Test
  void twoWithSlowSourcesLeaveAPlaceForWhoeverHasNone() {
    Project second = Project.connected();
    project.ask(sources.request(project, Stack.UPLOADS));
    second.ask(sources.request(second, Stack.UPLOADS));
    // Four of one and two of the other, or three of each.
    Project.patiently().until(() -> sources.stalling() == Stack.UPLOADS - 2);

    Project other = Project.connected();
    other.await(other.ask(other.request("app", bytes)), DELIVERED);

    assertThat(sources.stalling()).isEqualTo(Stack.UPLOADS - 2);
  }

  @Test
  void whatItsSourceIsWaitedForIsNobodyElsesToTake() {
    FakeArtifactServer.Artifact slow = project.lay(bytes);
    CompletableFuture<HttpServerResponse> asked = new CompletableFuture<>();
    slow.answers(asked::complete);
    String event = project.ask(project.with(project.request(), "app", bytes, slow.source()));
    HttpServerResponse response = asked.join();
    Instant claimed = project.due("app");

    Project.patiently().until(() -> project.due("app").isAfter(claimed));
    response.end(Buffer.buffer(bytes));

    project.await(event, DELIVERED);
    assertThat(slow.fetched()).isOne();
  }
}
