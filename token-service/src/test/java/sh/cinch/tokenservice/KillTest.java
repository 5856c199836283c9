package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.testkit.ChildProcess;
import sh.cinch.testkit.CuttableConnection;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.TestServers;

/**
 * Processes of their own, killed with SIGKILL in the middle of a refresh that they make ahead of
 * need; nobody moves any clock. At every moment for the proof; with every build at one at which the
 * forge has given new tokens and nobody has them, since {@link CrashTest} dies at all of them.
 */
@Execution(ExecutionMode.CONCURRENT)
class KillTest {

  private static final int ROUNDS = Scale.of(1, 3);
  private static final KillPoint USUAL = KillPoint.BEFORE_THE_ANSWER;
  private static final int LIFE_SECONDS = 6;

  /** A claim is somebody else's after fifteen seconds, and a process takes a while to start. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Test
  void anotherTakesOver() throws Exception {
    int survived = survived(KillTest::anotherTakesOver);
    Proof.of("Killed with SIGKILL, another takes over")
        .that("A token-service process killed in a refresh; one that was running goes on")
        .figure("rounds at each of the three moments", ROUNDS)
        .figure("rounds after which the connection went on", survived)
        .written();
  }

  @Test
  @Tag("proof")
  void theSameStartsAgain() throws Exception {
    int survived = survived(KillTest::theSameStartsAgain);
    Proof.of("Killed with SIGKILL, the same starts again")
        .that("A token-service process killed in a refresh, and started once more")
        .figure("rounds at each of the three moments", ROUNDS)
        .figure("rounds after which the connection went on", survived)
        .written();
  }

  private interface Round {
    void play(Stack stack, KillPoint point, UUID credential);
  }

  /** All moments at once: they wait more than they work. */
  private static int survived(Round round) throws Exception {
    List<Future<Integer>> points = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      (Scale.isProof() ? Arrays.stream(KillPoint.values()) : Stream.of(USUAL))
          .map(point -> threads.submit(() -> rounds(point, round)))
          .forEach(points::add);
    }
    int survived = 0;
    for (Future<Integer> point : points) {
      survived += point.get();
    }
    return survived;
  }

  /** How many rounds the connection survived. */
  private static int rounds(KillPoint point, Round round) {
    try (Stack stack = new Stack()) {
      stack.forge.setting("accessTokenSeconds", LIFE_SECONDS);
      Instance first = stack.start();
      UUID credential = stack.connect(first, "ada");
      first.close();
      int survived = 0;
      for (int i = 0; i < ROUNDS; i++) {
        round.play(stack, point, credential);
        survived++;
      }
      assertThat(stack.forge.refreshes("ada").refused()).isZero();
      return survived;
    }
  }

  private static void anotherTakesOver(Stack stack, KillPoint point, UUID credential) {
    try (CuttableConnection bitbucket = CuttableConnection.to(stack.forge.port());
        CuttableConnection database = CuttableConnection.to(TestServers.shared().postgresPort())) {
      Instance heir = stack.start(bitbucket, database);
      // It runs all the time, and sees nothing until then.
      database.cut();
      killInARefresh(stack, point);
      database.mend();
      mustGoOn(stack, heir, credential);
      heir.close();
    }
  }

  private static void theSameStartsAgain(Stack stack, KillPoint point, UUID credential) {
    killInARefresh(stack, point);
    int before = stack.forge.refreshes("ada").granted();
    try (CuttableConnection bitbucket = CuttableConnection.to(stack.forge.port());
        CuttableConnection database = CuttableConnection.to(TestServers.shared().postgresPort());
        ChildProcess again = stack.process(bitbucket, database)) {
      await()
          .atMost(PATIENCE)
          .until(() -> stack.forge.refreshes("ada").granted() > before || !again.isAlive());
      assertThat(again.isAlive()).isTrue();
    }
    Instance after = stack.start();
    mustGoOn(stack, after, credential);
    after.close();
  }

  private static void killInARefresh(Stack stack, KillPoint point) {
    try (CuttableConnection bitbucket = CuttableConnection.to(stack.forge.port());
        CuttableConnection database = CuttableConnection.to(TestServers.shared().postgresPort());
        ChildProcess victim = stack.process(bitbucket, database)) {
      CountDownLatch killed = new CountDownLatch(1);
      bitbucket.watch(
          point.watch(
              database::cut,
              () -> {
                // In this order: its end is waited for, and then this must have been said.
                killed.countDown();
                victim.kill();
              }));
      await().atMost(PATIENCE).until(() -> !victim.isAlive());
      assertThat(killed.getCount()).as("it died of the refresh, and not at its start").isZero();
    }
  }

  private static void mustGoOn(Stack stack, Instance instance, UUID credential) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Reply lease = instance.lease(credential);
              assertThat(lease.status()).isEqualTo(201);
              assertThat(stack.forge.statusOf(lease.text("authorization"), "/2.0/user"))
                  .isEqualTo(200);
            });
    assertThat(instance.state(credential)).isEqualTo("healthy");
  }
}
