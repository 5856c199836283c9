package sh.cinch.cli.release;

import java.io.PrintWriter;
import java.time.Duration;

/** Progress in a build's log: a line now and then. */
final class Lines implements Progress {

  static final Duration EVERY = Duration.ofSeconds(5);

  private final PrintWriter err;
  private final Sleeper patience;

  Lines(PrintWriter err, Sleeper patience) {
    this.err = err;
    this.patience = patience;
  }

  @Override
  public synchronized void say(String line) {
    err.println(line);
    err.flush();
  }

  @Override
  public Step begin(String verb, String name, long done, long total) {
    TransferRate pace = new TransferRate(done, total, patience.elapsed());
    return new Step() {
      private Duration said = patience.elapsed();

      @Override
      public void at(long now) {
        Duration elapsed = patience.elapsed();
        if (elapsed.minus(said).compareTo(EVERY) >= 0) {
          said = elapsed;
          say("  %s %s  %s".formatted(verb, Text.safe(name), pace.at(now, elapsed)));
        }
      }

      @Override
      public void close() {}
    };
  }
}
