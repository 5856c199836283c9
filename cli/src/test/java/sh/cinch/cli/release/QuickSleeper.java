package sh.cinch.cli.release;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Time that passes only where somebody waits. */
final class QuickSleeper implements Sleeper {

  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private Duration elapsed = Duration.ofHours(1);

  @Override
  public synchronized Duration elapsed() {
    return elapsed;
  }

  @Override
  public void pause(Duration duration) {
    pauses.add(duration);
    advance(duration);
  }

  synchronized void advance(Duration duration) {
    elapsed = elapsed.plus(duration);
  }
}
