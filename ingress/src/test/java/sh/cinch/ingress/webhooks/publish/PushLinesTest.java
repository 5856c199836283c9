package sh.cinch.ingress.webhooks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PushLinesTest {

  private static final UUID BUSY = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final KeyedExecutor turns = new KeyedExecutor();
  private final Semaphore may = new Semaphore(0);
  private final List<List<Integer>> published = new CopyOnWriteArrayList<>();
  private final AtomicInteger handedIn = new AtomicInteger();
  private final PushLines<Integer> lines = new PushLines<>(this::publish);

  @Test
  void whatComesMeanwhileGoesTogetherInItsOrder() {
    push(0);
    await().until(() -> published.equals(List.of(List.of(0))));
    IntStream.range(1, 4).forEach(this::push);
    await().until(() -> handedIn.get() == 4);

    may.release(2);
    await().until(() -> published.size() == 2);
    assertThat(published).containsExactly(List.of(0), List.of(1, 2, 3));
  }

  @Test
  void anotherRepositorysGoesAtOnce() {
    push(0);
    turns.run(OTHER, () -> lines.publish(OTHER, 1, () -> turns.over(OTHER)));

    await().until(() -> published.size() == 2);
    may.release(2);
  }

  @Test
  void whatComesAfterAllHaveGoneHasALineAgain() {
    may.release(2);
    push(0);
    await().until(() -> published.size() == 1 && lines.size() == 0);
    push(1);
    await().until(() -> published.size() == 2 && lines.size() == 0);
  }

  @Test
  void theOrderOfManyIsThatInWhichTheyCame() {
    may.release(1_000);
    CountDownLatch all = new CountDownLatch(1_000);
    IntStream.range(0, 1_000)
        .forEach(
            i ->
                turns.run(
                    BUSY,
                    () -> {
                      lines.publish(BUSY, i, () -> turns.over(BUSY));
                      all.countDown();
                    }));
    await().until(() -> all.getCount() == 0);

    assertThat(published.stream().flatMap(List::stream)).hasSize(1_000).isSorted();
  }

  private void push(int number) {
    turns.run(BUSY, () -> lines.publish(BUSY, number, this::handedIn));
  }

  private void handedIn() {
    handedIn.incrementAndGet();
    turns.over(BUSY);
  }

  private void publish(UUID repository, List<Integer> some) {
    published.add(some);
    may.acquireUninterruptibly();
  }
}
