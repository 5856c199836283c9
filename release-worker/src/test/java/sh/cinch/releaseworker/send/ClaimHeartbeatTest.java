package sh.cinch.releaseworker.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Whoever may not have the claim any more lets go of what they do with it. */
class ClaimHeartbeatTest {

  private static final Duration SPAN = Duration.ofSeconds(1);

  private final CompletableFuture<Fault.Left> lost = new CompletableFuture<>();
  private final AtomicInteger renewals = new AtomicInteger();

  @Test
  void aClaimThatAnotherHasIsLostAtOnce() throws Exception {
    try (ClaimHeartbeat beating = beating(() -> false)) {
      assertThat(lost.get(10, TimeUnit.SECONDS).reason()).contains("another instance");
      assertThat(beating.isHeld()).isFalse();
    }
    assertThat(renewals).hasValue(1);
  }

  @Test
  void whileTheDatabaseIsAwayItIsGivenUpBeforeItEnds() throws Exception {
    try (ClaimHeartbeat beating =
        beating(
            () -> {
              throw new IllegalStateException("the database is away");
            })) {
      assertThat(lost.get(10, TimeUnit.SECONDS).reason()).contains("the database");
      assertThat(beating.isHeld()).isFalse();
    }
    assertThat(renewals.get()).as("five of them are the whole claim").isBetween(1, 5);
  }

  @Test
  void aDatabaseThatIsBackInTimeIsAsGoodAsOneThatWasThere() {
    try (ClaimHeartbeat beating =
        beating(
            () -> {
              if (renewals.get() % 2 == 1) {
                throw new IllegalStateException("the database is away");
              }
              return true;
            })) {
      await().until(() -> renewals.get() > 7);
      assertThat(beating.isHeld()).isTrue();
    }
    assertThat(lost).isNotDone();
  }

  private ClaimHeartbeat beating(BooleanSupplier renewal) {
    var beating =
        new ClaimHeartbeat(
            () -> {
              renewals.incrementAndGet();
              return renewal.getAsBoolean();
            },
            lost::complete,
            SPAN);
    beating.start();
    return beating;
  }
}
