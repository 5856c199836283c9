package sh.cinch.cli.release;

import java.time.Duration;
import sh.cinch.cli.server.Refusal;

/** Time, as far as a release waits for it. */
interface Sleeper {

  /** Since some moment in the past; no clock that anybody sets changes it. */
  Duration elapsed();

  void pause(Duration duration);

  /** The real one. */
  static Sleeper real() {
    return new Sleeper() {
      @Override
      public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
      }

      @Override
      public void pause(Duration duration) {
        try {
          Thread.sleep(duration);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new Refusal("interrupted");
        }
      }
    };
  }
}
