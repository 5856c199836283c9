package sh.cinch.acceptance.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/** The hostile connections: as many of each kind; one that ended is soon made again. */
final class Crowd implements AutoCloseable {

  /** Every so many-th comes from the address of the honest. */
  private static final int FROM_HONEST = 10;

  private static final int ADDRESSES_A_KIND = 50;

  private final Throttle throttle;
  private final Answers answers = new Answers();
  private final LongAdder made = new LongAdder();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean isOver;

  Crowd(List<Kind> kinds, int ofEach, Throttle throttle) {
    this.throttle = throttle;
    for (int kind = 0; kind < kinds.size(); kind++) {
      for (int i = 0; i < ofEach; i++) {
        Kind talks = kinds.get(kind);
        InetAddress from = address(kind, i);
        threads.execute(() -> attack(talks, from));
      }
    }
  }

  private static InetAddress address(int kind, int i) {
    try {
      return i % FROM_HONEST == 0
          ? InetAddress.getLoopbackAddress()
          : InetAddress.getByAddress(
              new byte[] {127, 1, (byte) kind, (byte) (1 + i % ADDRESSES_A_KIND)});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void attack(Kind kind, InetAddress from) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(kind.again().toMillis()));
      while (!isOver) {
        once(kind, from);
        Thread.sleep(kind.again());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void once(Kind kind, InetAddress from) throws InterruptedException {
    try (Line line = new Line(from, kind.port(), throttle, answers)) {
      made.increment();
      kind.talk().over(line);
    } catch (IOException e) {
      // It was refused, or closed: what is to be expected.
    }
  }

  long made() {
    return made.sum();
  }

  Answers answers() {
    return answers;
  }

  @Override
  public void close() {
    isOver = true;
    threads.shutdownNow();
    threads.close();
  }
}
