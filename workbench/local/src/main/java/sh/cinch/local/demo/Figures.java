package sh.cinch.local.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Durations of the same thing, measured again and again. */
final class Figures {

  private final List<Duration> sorted = new ArrayList<>();

  void add(Duration duration) {
    sorted.add(duration);
    sorted.sort(null);
  }

  Duration median() {
    return at(0.5);
  }

  @Override
  public String toString() {
    return "median %4d ms   95 %% under %4d ms   slowest %4d ms"
        .formatted(median().toMillis(), at(0.95).toMillis(), at(1).toMillis());
  }

  private Duration at(double share) {
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }
}
