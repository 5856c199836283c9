package sh.cinch.cli.release;

import java.io.PrintWriter;
import java.time.Duration;
import sh.cinch.schema.text.Visible;

/** Progress in a build's log: a line now and then. */
record Lines(PrintWriter err, Sleeper sleeper) implements Progress {

  static final Duration EVERY = Duration.ofSeconds(5);

  @Override
  public synchronized void say(String line) {
    err.println(line);
  }

  @Override
  public Step begin(String verb, String name, long done, long total) {
    TransferRate rate = new TransferRate(done, total, sleeper.elapsed());
    return new Step() {
      private Duration said = sleeper.elapsed();

      @Override
      public void at(long now) {
        Duration elapsed = sleeper.elapsed();
        if (elapsed.minus(said).compareTo(EVERY) >= 0) {
          said = elapsed;
          say("  %s %s  %s".formatted(verb, Visible.oneLine(name), rate.at(now, elapsed)));
        }
      }

      @Override
      public void close() {}
    };
  }
}
