package sh.cinch.benchmark.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sh.cinch.benchmark.figures.Sample;

/** Many connections, each of which asks again as soon as it is answered. */
final class Load {

  private long[] latencies = new long[1 << 16];
  private int good;
  private long failures;

  private Load() {}

  static Round run(Target target, int connections, Duration span) throws IOException {
    return new Load().round(target, connections, span);
  }

  private Round round(Target target, int connections, Duration span) throws IOException {
    List<Connection> open = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        open.add(Connection.open(target, selector));
      }
      long begin = System.nanoTime();
      for (Connection connection : open) {
        connection.send();
      }
      long end = begin + span.toNanos();
      while (System.nanoTime() < end && !selector.keys().isEmpty()) {
        selector.select(this::readable, 10);
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
      connection.send();
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
