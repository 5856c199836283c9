package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.FAILED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.testkit.ChildProcess;

/**
 * Repositories that are released by a worker that is killed with SIGKILL, at any time while it
 * sends, and started again each time.
 */
final class Killing implements AutoCloseable {

  private static final int LONGEST_LIFE_MS = 3000;

  /** So that some die between the whole of a file and its answer. */
  private static final int ANSWERED_AFTER_MS = 300;

  /** A killed worker's claims hold for twenty seconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Stack stack = Stack.idle();
  private final Pace pace = new Pace();
  private final Path folder;
  private final String tornUploads;
  private final Random random;

  /** More than can be sent before the first kill. */
  private final byte[] endless = Project.bytes(3, 100 * Pace.BYTES_A_SECOND);

  private final List<Published> all;
  private final Project hopeless;
  private final View ofTheHopeless;
  private int torn;
  private int midway;

  /**
   * @param folder where the processes work
   * @param tornUploads what Bitbucket makes of half a file
   */
  Killing(Path folder, String tornUploads, long seed, int repositories, int files) {
    this.folder = folder;
    this.tornUploads = tornUploads;
    this.random = new Random(seed);
    this.all =
        Stream.generate(() -> new Published(stack, pace, random, files))
            .limit(repositories)
            .toList();
    this.hopeless = Project.connected(stack);
    this.ofTheHopeless = new View(stack, hopeless);
    stack.bitbucket.settings(Map.of("tornUploads", tornUploads));
    stack.bitbucket.fault(
        Map.of(
            "method",
            "POST",
            "path",
            "/2.0/repositories/*/downloads",
            "kind",
            "latency",
            "ms",
            ANSWERED_AFTER_MS));
  }

  List<View> views() {
    return Stream.concat(all.stream().map(one -> one.view), Stream.of(ofTheHopeless)).toList();
  }

  /** How many uploads were broken off by kills. */
  int torn() {
    return torn;
  }

  /** How many kills broke off at least one. */
  int midway() {
    return midway;
  }

  /** How many releases were asked for. */
  int asked() {
    return all.stream().mapToInt(Published::asked).sum();
  }

  int delivered() {
    return all.stream().mapToInt(Published::delivered).sum();
  }

  /** How many repositories have exactly the files of their newest release. */
  long right() {
    return all.stream().filter(Published::isRight).count();
  }

  /** What is left of the files that could not be sent to their end. */
  int left() {
    return hopeless.downloads().size();
  }

  /** In the end the files of each repository's newest release are there, each right, no others. */
  void run(int kills) {
    ChildProcess worker = start();
    try {
      all.forEach(Published::ask);
      patiently(this::isAllDelivered);
      pace.slow();
      FakeArtifactServer.Artifact withdrawn =
          stack.artifacts.lay(hopeless.repository.id(), response -> pace.answer(response, endless));
      String event = hopeless.ask(neverRight(withdrawn));
      patiently(() -> withdrawn.fetched() == 1);
      // Few kills may all fall between two uploads, where the machine is slow.
      for (int i = 0; i < kills || midway == 0; i++) {
        kill(worker);
        withdrawn.remove();
        worker = start();
      }
      pace.free();
      patiently(this::isAllDelivered);
      hopeless.await(event, FAILED, PATIENCE);
      count();
    } finally {
      worker.close();
    }
    all.forEach(Published::check);
    // Each is held against its versions, none of which is missing or says two things.
    assertThat(stack.states.keys())
        .hasSize(asked() + 1)
        .allSatisfy(
            release ->
                assertThat(stack.states.of(release).getLast().state())
                    .isNotIn(ReleaseEvent.State.REQUESTED, ReleaseEvent.State.SENDING));
    assertThat(hopeless.downloads()).isEmpty();
    assertThat(midway).isPositive();
  }

  private ChildProcess start() {
    return stack.process(folder, folder.resolve(tornUploads + ".log"), "-Xmx128m");
  }

  private boolean isAllDelivered() {
    return all.stream().allMatch(Published::isDelivered);
  }

  /** Some time after it has begun with a file. */
  private void kill(ChildProcess worker) {
    int before = stack.artifacts.fetched();
    patiently(() -> hasSomethingToDo() && stack.artifacts.fetched() > before);
    count();
    assertThat(worker.isAlive()).isTrue();
    CompletableFuture.delayedExecutor(random.nextInt(LONGEST_LIFE_MS), TimeUnit.MILLISECONDS)
        .execute(worker::kill);
    patiently(() -> !worker.isAlive());
    assertThat(worker.exitCode()).isEqualTo(ChildProcess.KILLED);
  }

  private boolean hasSomethingToDo() {
    if (isAllDelivered()) {
      all.forEach(Published::ask);
    }
    return all.stream().allMatch(Published::isUnderWay);
  }

  /**
   * What the last kill broke off is known by the time the next worker is at work; nothing else is.
   */
  private void count() {
    int now = all.stream().mapToInt(Published::torn).sum();
    midway += now > torn ? 1 : 0;
    torn = now;
  }

  /** One file that is taken away after it was begun, and one that is not what was announced. */
  private ObjectNode neverRight(FakeArtifactServer.Artifact withdrawn) {
    byte[] given = Project.bytes(1, 2 * Pace.BYTES_A_SECOND);
    byte[] announced = Project.bytes(2, given.length);
    FakeArtifactServer.Artifact lying =
        stack.artifacts.lay(hopeless.repository.id(), response -> pace.answer(response, given));
    ObjectNode request =
        hopeless.with(hopeless.request(), "withdrawn", endless, withdrawn.source());
    return hopeless.with(request, "lying", announced, lying.source());
  }

  private static void patiently(Callable<Boolean> until) {
    Project.patiently().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(until);
  }

  @Override
  public void close() {
    stack.close();
  }
}
