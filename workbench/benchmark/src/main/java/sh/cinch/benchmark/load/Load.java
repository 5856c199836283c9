package sh.cinch.benchmark.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import sh.cinch.benchmark.figures.Sample;

/** One round of requests over many connections. */
final class Load {

  private static final long SECOND = 1_000_000_000L;

  /** No two rounds of a run have ids in common. */
  private static final long FIRST = System.nanoTime() & 0xffff_ffff_fff0L;

  private final Target target;
  private final Pace pace;
  private final Queue<Connection> idle = new ArrayDeque<>();
  private long begin;
  private long sent;
  private long[] latencies = new long[1 << 16];
  private int good;
  private long failures;

  private Load(Target target, Pace pace) {
    this.target = target;
    this.pace = pace;
  }

  /**
   * @param branches that pushes are to
   */
  static Round run(Target target, Pace pace, Branches branches) throws IOException {
    return new Load(target, pace).round(branches);
  }

  private Round round(Branches branches) throws IOException {
    List<Connection> open = new ArrayList<>();
    List<Message> messages = target.messages(branches);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < pace.connections(); i++) {
        open.add(Connection.open(target.port(), messages.get(i % messages.size()), selector));
      }
      idle.addAll(open);
      begin = System.nanoTime();
      long end = begin + pace.span().toNanos();
      while (System.nanoTime() < end && !selector.keys().isEmpty()) {
        sendWhatIsDue();
        selector.select(this::readable, 1);
      }
      long nanos = System.nanoTime() - begin;
      Sample sample = Sample.of(Arrays.copyOf(latencies, good));
      return new Round(good, failures, nanos, sample.median(), sample.at(0.99));
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
  }

  private void sendWhatIsDue() throws IOException {
    while (!idle.isEmpty()) {
      long now = System.nanoTime();
      long due = pace.perSecond() == 0 ? now : begin + sent * SECOND / pace.perSecond();
      if (due > now) {
        return;
      }
      idle.remove().send(due, FIRST + sent++);
    }
  }

  private void readable(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (!connection.receive()) {
        return;
      }
      if (connection.isGood()) {
        took(System.nanoTime() - connection.sentAt());
      } else {
        failures++;
      }
      idle.add(connection);
    } catch (IOException e) {
      failures++;
      key.cancel();
    }
  }

  private void took(long nanos) {
    if (good == latencies.length) {
      latencies = Arrays.copyOf(latencies, good * 2);
    }
    latencies[good++] = nanos;
  }
}
