package sh.cinch.cli.release;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import sh.cinch.cli.terminal.Terminal;
import sh.cinch.schema.text.Visible;

/** Progress on a terminal: a bar for each thing on its way, below everything said, in place. */
final class Bars implements Progress {

  private static final Duration EVERY = Duration.ofMillis(100);
  private static final int LONGEST_BAR = 20;
  private static final int SHORTEST_BAR = 5;
  private static final int LONGEST_NAME = 30;

  private final Terminal err;
  private final Sleeper sleeper;
  private final int width;
  private final SequencedSet<Bar> running = new LinkedHashSet<>();
  private Duration drawnAt;
  private int drawn;

  /**
   * @param width of the terminal: a line that breaks could not be drawn over
   */
  Bars(Terminal err, Sleeper sleeper, int width) {
    this.err = err;
    this.sleeper = sleeper;
    this.width = width;
    this.drawnAt = sleeper.elapsed().minus(EVERY);
  }

  @Override
  public synchronized void say(String line) {
    clear();
    err.println(line);
    draw();
  }

  @Override
  public synchronized Step begin(String verb, String name, long done, long total) {
    Bar bar = new Bar(verb, name, new TransferRate(done, total, sleeper.elapsed()), done);
    running.add(bar);
    clear();
    draw();
    return bar;
  }

  private synchronized void moved(Bar bar, long done) {
    bar.done = done;
    if (sleeper.elapsed().minus(drawnAt).compareTo(EVERY) >= 0) {
      clear();
      draw();
    }
  }

  private synchronized void ended(Bar bar) {
    running.remove(bar);
    clear();
    draw();
  }

  private void clear() {
    err.takeBack(drawn);
    drawn = 0;
  }

  private void draw() {
    drawnAt = sleeper.elapsed();
    running.forEach(bar -> err.println(bar.line()));
    drawn = running.size();
    err.flush();
  }

  private final class Bar implements Step {

    private final String verb;
    private final String name;
    private final TransferRate rate;
    private long done;

    Bar(String verb, String name, TransferRate rate, long done) {
      this.verb = verb;
      this.name = Visible.oneLine(name);
      this.rate = rate;
      this.done = done;
    }

    private String line() {
      String begin = "  " + verb + " " + cut(name, LONGEST_NAME) + " ";
      String end = rate.at(done, drawnAt);
      int bar = Math.min(LONGEST_BAR, width - 1 - begin.length() - end.length() - "[] ".length());
      int full = rate.percent(done) * Math.max(0, bar) / 100;
      return cut(
          bar < SHORTEST_BAR
              ? begin + end
              : begin + "[" + "=".repeat(full) + " ".repeat(bar - full) + "] " + end,
          width - 1);
    }

    @Override
    public void at(long now) {
      moved(this, now);
    }

    @Override
    public void close() {
      ended(this);
    }
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
