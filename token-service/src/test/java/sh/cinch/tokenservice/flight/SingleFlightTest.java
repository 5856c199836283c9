package sh.cinch.tokenservice.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work that many want at once is done once. */
class SingleFlightTest {

  private static final UUID KEY = UUID.randomUUID();
  private static final int MANY = 100;

  private final AtomicInteger done = new AtomicInteger();

  @Test
  void whoAsksMeanwhileSharesTheResult() throws Exception {
    CountDownLatch landing = new CountDownLatch(1);
    List<Thread> waiting = new ArrayList<>();
    List<Future<Integer>> results = new ArrayList<>();
    try (SingleFlight<Integer> flights = new SingleFlight<>();
        ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                task -> {
                  Thread thread = Thread.ofVirtual().unstarted(task);
                  waiting.add(thread);
                  return thread;
                })) {
      for (int i = 0; i < MANY; i++) {
        results.add(threads.submit(() -> flights.share(KEY, () -> after(landing))));
      }
      await().until(() -> waiting.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
      landing.countDown();
    }

    for (Future<Integer> result : results) {
      assertThat(result.get()).isEqualTo(1);
    }
  }

  @Test
  void whoAsksAfterwardsStartsAnother() {
    try (SingleFlight<Integer> flights = new SingleFlight<>()) {
      assertThat(flights.share(KEY, done::incrementAndGet)).isEqualTo(1);
      assertThat(flights.share(KEY, done::incrementAndGet)).isEqualTo(2);
    }
  }

  @Test
  void aFailureIsEverybodysAndTheNextFlightIsFree() {
    try (SingleFlight<Integer> flights = new SingleFlight<>()) {
      assertThatThrownBy(
              () ->
                  flights.share(
                      KEY,
                      () -> {
                        throw new IllegalStateException("lost");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("lost");
      assertThat(flights.share(KEY, done::incrementAndGet)).isEqualTo(1);
    }
  }

  private int after(CountDownLatch landing) {
    try {
      landing.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return done.incrementAndGet();
  }
}
