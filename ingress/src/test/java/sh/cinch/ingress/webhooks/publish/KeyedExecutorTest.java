package sh.cinch.ingress.webhooks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedExecutorTest {

  private static final UUID KEY = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final KeyedExecutor lanes = new KeyedExecutor();
  private final List<Integer> done = new CopyOnWriteArrayList<>();

  @Test
  void workOfOneKeyIsDoneInItsOrder() {
    IntStream.range(0, 1_000).forEach(i -> lanes.run(KEY, () -> slowly(i)));

    await().until(() -> done.size() == 1_000);
    assertThat(done).isSorted();
  }

  @Test
  void workOfAnotherKeyDoesNotWait() {
    CountDownLatch never = new CountDownLatch(1);
    lanes.run(KEY, () -> hold(never));

    lanes.run(OTHER, () -> done.add(1));

    await().until(() -> done.equals(List.of(1)));
    never.countDown();
  }

  @Test
  void whatWaitsBehindAFailureIsDone() {
    lanes.run(
        KEY,
        () -> {
          throw new IllegalStateException("on purpose");
        });
    lanes.run(KEY, () -> done.add(1));

    await().until(() -> done.equals(List.of(1)));
  }

  @Test
  void whatCanBeDoneAtOnceIsDoneAtOnceAndGivesTheTurnBack() {
    lanes.run(KEY, () -> done.add(1), () -> done.add(-1));
    lanes.run(KEY, () -> done.add(2), () -> done.add(-2));

    assertThat(done).containsExactly(1, 2);
  }

  @Test
  void whatCouldBeDoneAtOnceWaitsBehindWhatIsUnderWay() {
    CountDownLatch ahead = new CountDownLatch(1);
    lanes.run(
        KEY,
        () -> {
          hold(ahead);
          done.add(1);
        });
    lanes.run(KEY, () -> done.add(-2), () -> done.add(2));
    ahead.countDown();

    await().until(() -> done.equals(List.of(1, 2)));
  }

  @Test
  void whatCannotBeDoneAtOnceKeepsItsTurn() {
    CountDownLatch ahead = new CountDownLatch(1);
    lanes.run(
        KEY,
        () -> false,
        () -> {
          hold(ahead);
          done.add(1);
        });
    lanes.run(KEY, () -> done.add(-2), () -> done.add(2));
    ahead.countDown();

    await().until(() -> done.equals(List.of(1, 2)));
  }

  @Test
  void whatFailsAtOnceIsItsCallersAndTheTurnIsOver() {
    assertThatThrownBy(
            () ->
                lanes.run(
                    KEY,
                    () -> {
                      throw new IllegalStateException("on purpose");
                    },
                    () -> done.add(-1)))
        .hasMessage("on purpose");
    lanes.run(KEY, () -> done.add(1), () -> done.add(-1));

    assertThat(done).containsExactly(1);
  }

  /** So that two at a time would come out of order. */
  private void slowly(int i) {
    for (int spin = i % 2 * 10_000; spin > 0; spin--) {
      Thread.onSpinWait();
    }
    done.add(i);
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
