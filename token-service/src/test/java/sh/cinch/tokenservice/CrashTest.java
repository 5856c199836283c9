package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.simulator.oauth.RefreshLog;
import sh.cinch.testkit.CuttableConnection;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.TestServers;

/**
 * An instance dies in the middle of a refresh: its connections break at once, as those of a killed
 * process do. Whoever comes next finds what it left.
 */
class CrashTest {

  private static final int ROUNDS = Scale.of(3, 100);
  private static final Duration UNTIL_EXPIRED = Duration.ofHours(3);
  private static final Duration UNTIL_A_CLAIM_RUNS_OUT = Duration.ofSeconds(16);

  private static final Duration BEYOND_THE_GRACE = Duration.ofMinutes(20);
  private static final Duration UNTIL_THE_LAST_TRY = Duration.ofMinutes(8);

  private final Stack stack = new Stack();
  private int unharmed;

  /** Who goes on where the dead one stopped. */
  enum Next {
    THE_SAME_STARTS_AGAIN,
    ANOTHER_TAKES_OVER
  }

  static Stream<Arguments> matrix() {
    return Stream.of(KillPoint.values())
        .flatMap(point -> Stream.of(Next.values()).map(next -> Arguments.of(point, next)));
  }

  @AfterEach
  void close() {
    stack.close();
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void theConnectionSurvives(KillPoint point, Next next) {
    Instance witness = stack.start();
    UUID credential = stack.connect(witness, "ada");
    if (next == Next.THE_SAME_STARTS_AGAIN) {
      witness.close();
    }

    int survived = 0;
    for (int round = 0; round < ROUNDS; round++) {
      killDuringARefresh(credential, point);
      Instance heir = next == Next.THE_SAME_STARTS_AGAIN ? stack.start() : witness;
      stack.clock.advance(UNTIL_A_CLAIM_RUNS_OUT);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(heir.lease(credential).status()).isEqualTo(201));
      assertThat(heir.state(credential)).isEqualTo("healthy");
      assertThat(stack.forge.statusOf(heir.lease(credential).text("authorization"), "/2.0/user"))
          .isEqualTo(200);
      survived++;
      if (next == Next.THE_SAME_STARTS_AGAIN) {
        heir.close();
      }
    }

    RefreshLog.Count count = stack.forge.refreshes("ada");
    int lost = point == KillPoint.BEFORE_THE_REQUEST ? 0 : ROUNDS;
    assertThat(count.refused() + count.reused()).isZero();
    assertThat(count.repeated()).as("answers that were lost").isEqualTo(lost);
    assertThat(count.granted()).isEqualTo(ROUNDS + lost + unharmed);
    Proof.of("Killed %s, %s".formatted(words(point), words(next)))
        .that("An instance's connections all break at that moment of a refresh")
        .figure("rounds", ROUNDS)
        .figure("answers that were lost, and had from the old token's grace", count.repeated())
        .figure("rounds after which the connection went on", survived)
        .written();
  }

  /** Nobody came in time: the only valid tokens died with the instance. */
  @Test
  void whatCannotBeRecoveredIsReportedOnceWithTheReason() {
    Instance first = stack.start();
    UUID credential = stack.connect(first, "ada");
    first.close();
    killDuringARefresh(credential, KillPoint.BEFORE_THE_ANSWER);
    stack.clock.advance(BEYOND_THE_GRACE);

    Instance heir = stack.start();
    await().untilAsserted(() -> assertThat(heir.state(credential)).isEqualTo("unclear"));
    stack.clock.advance(UNTIL_THE_LAST_TRY);
    heir.wake();

    await()
        .untilAsserted(() -> assertThat(heir.state(credential)).isEqualTo("needs-authorization"));
    assertThat(heir.show(credential).text("reason"))
        .contains("Authorize Bitbucket again")
        .contains("had no answer that reached Cinch");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        Backends.events().stream()
                            .filter(event -> event.credentialId().equals(credential))
                            .map(CredentialEvent::state))
                    .containsExactly(State.HEALTHY, State.UNCLEAR, State.NEEDS_AUTHORIZATION));
  }

  /** Once its token has ended; returns when the instance is cut off from everything. */
  private void killDuringARefresh(UUID credential, KillPoint point) {
    try (CuttableConnection bitbucket = CuttableConnection.to(stack.forge.port());
        CuttableConnection database = CuttableConnection.to(TestServers.shared().postgresPort())) {
      Instance victim = stack.start(bitbucket, database);
      CountDownLatch dead = new CountDownLatch(1);
      bitbucket.watch(
          point.watch(
              database::cut,
              () -> {
                database.cut();
                bitbucket.cut();
                dead.countDown();
              }));
      while (dead.getCount() > 0) {
        stack.clock.advance(UNTIL_EXPIRED);
        CompletableFuture<Reply> lease = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> lease.complete(victim.lease(credential)));
        // One that is dying answers too. Were the clock put forward after that, the old token's
        // grace would be over before the heir comes: only a lease that is lent is unharmed.
        await().until(() -> dead.getCount() == 0 || isLent(lease));
        if (isLent(lease)) {
          // The other one was faster this time, ahead of need.
          unharmed++;
        }
      }
      Thread.ofVirtual().start(victim::close);
    }
  }

  private static boolean isLent(CompletableFuture<Reply> lease) {
    return lease.isDone() && lease.join().status() == 201;
  }

  private static String words(Enum<?> what) {
    return what.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
