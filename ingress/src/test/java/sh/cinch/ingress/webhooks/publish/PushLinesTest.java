package sh.cinch.ingress.webhooks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PushLinesTest {

  private static final UUID BUSY = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final List<List<Integer>> published = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> underWay = new ConcurrentLinkedQueue<>();
  private final PushLines<Integer> lines =
      new PushLines<>(
          (repository, some, over) -> {
            published.add(some);
            underWay.add(over);
          });

  @Test
  void whatComesMeanwhileGoesTogetherInItsOrder() {
    IntStream.range(0, 4).forEach(i -> lines.add(BUSY, i));
    assertThat(published).containsExactly(List.of(0));

    underWay.remove().run();

    assertThat(published).containsExactly(List.of(0), List.of(1, 2, 3));
  }

  @Test
  void aTurnHasNoMoreThanAHundred() {
    IntStream.range(0, 152).forEach(i -> lines.add(BUSY, i));

    underWay.remove().run();
    underWay.remove().run();

    assertThat(published).extracting(List::size).containsExactly(1, 100, 51);
  }

  @Test
  void anotherRepositorysGoesAtOnce() {
    lines.add(BUSY, 0);
    lines.add(OTHER, 1);

    assertThat(published).containsExactly(List.of(0), List.of(1));
  }

  @Test
  void whatComesAfterAllHaveGoneHasALineAgain() {
    lines.add(BUSY, 0);
    underWay.remove().run();
    assertThat(lines.size()).isZero();
    lines.add(BUSY, 1);

    assertThat(published).containsExactly(List.of(0), List.of(1));
  }

  /** Some are over before the way has returned, most on another thread. */
  @Test
  void theOrderOfManyIsThatInWhichTheyCame() {
    CountDownLatch all = new CountDownLatch(1_000);
    PushLines<Integer> fast =
        new PushLines<>(
            (repository, some, over) -> {
              published.add(some);
              some.forEach(one -> all.countDown());
              if (some.getFirst() % 3 == 0) {
                over.run();
              } else {
                Thread.startVirtualThread(over);
              }
            });
    IntStream.range(0, 1_000).forEach(i -> fast.add(BUSY, i));
    await().until(() -> all.getCount() == 0);

    assertThat(published.stream().flatMap(List::stream)).hasSize(1_000).isSorted();
  }
}
