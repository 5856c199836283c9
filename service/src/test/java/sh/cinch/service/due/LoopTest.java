package sh.cinch.service.due;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sh.cinch.service.Killed;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.StuckWatch;

class LoopTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(5);

  private final AtomicInteger turns = new AtomicInteger();

  @Test
  void runsAtOnceAndAgainWhenWoken() {
    try (Loop loop = Loop.start("test", () -> turns.incrementAndGet() == 0, LONG)) {
      await().untilAsserted(() -> assertThat(turns).hasValue(1));
      loop.wake();
      await().untilAsserted(() -> assertThat(turns).hasValue(2));
    }
  }

  @Test
  void goesOnWithoutAPauseWhileThereIsMore() {
    try (Loop loop = Loop.start("test", () -> turns.incrementAndGet() < 5, LONG)) {
      await().untilAsserted(() -> assertThat(turns).hasValue(5));
      assertThat(loop.check()).isInstanceOf(Check.Well.class);
    }
  }

  @Test
  void aStepThatThrowsIsTriedAgain() {
    try (Loop loop =
        Loop.start(
            "test",
            () -> {
              if (turns.incrementAndGet() < 3) {
                throw new IllegalStateException("away");
              }
              return false;
            },
            SHORT)) {
      await().untilAsserted(() -> assertThat(turns).hasValueGreaterThan(2));
      assertThat(loop.check()).isInstanceOf(Check.Well.class);
    }
  }

  @Test
  void aLoopWhoseThreadDiedSaysSo() {
    try (Loop loop =
        Loop.start(
            "test",
            () -> {
              throw new Killed();
            },
            SHORT)) {
      await()
          .untilAsserted(
              () -> assertThat(loop.check()).isEqualTo(new Check.Unwell("the loop test died")));
    }
  }

  @Test
  void aLoopWhoseStepDoesNotEndIsNotWell() throws Exception {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    try (Loop loop =
        Loop.start(
            "test",
            () -> {
              running.countDown();
              awaitQuietly(finish);
              turns.incrementAndGet();
              return false;
            },
            LONG,
            new StuckWatch(Duration.ofMinutes(5), nanos::get))) {
      running.await();
      nanos.addAndGet(Duration.ofMinutes(5).toNanos());
      assertThat(loop.check()).isInstanceOf(Check.Well.class);
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      assertThat(loop.check()).isEqualTo(new Check.Unwell("the loop test is stuck for 301 s"));

      finish.countDown();
      await().until(() -> loop.check() instanceof Check.Well);
      nanos.addAndGet(Duration.ofHours(1).toNanos());
      assertThat(loop.check()).as("it waits for its time").isInstanceOf(Check.Well.class);
    }
  }

  @Test
  void closingLetsTheStepInFlightFinish() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    Loop loop =
        Loop.start(
            "test",
            () -> {
              running.countDown();
              awaitQuietly(finish);
              turns.incrementAndGet();
              return false;
            },
            LONG);
    running.await();
    Thread closing = Thread.startVirtualThread(loop::close);
    finish.countDown();
    closing.join();
    assertThat(turns).hasValue(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
