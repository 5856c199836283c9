package sh.cinch.local.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import sh.cinch.cli.terminal.Terminal;

/** What a person reads while it happens: chapters, moments with how long each took, and checks. */
final class Timeline {

  private final Terminal out;
  private int chapter;
  private long last;

  Timeline(PrintWriter out) {
    this.out = Terminal.of(out);
  }

  void title(String text) {
    out.styled("@|bold %s|@", text);
  }

  void chapter(String name, String what) {
    line("");
    out.styled("@|bold,cyan %s  %-9s|@ %s", String.valueOf(++chapter), name, what);
    last = System.nanoTime();
  }

  /** Something happened since the last moment. */
  void moment(String what) {
    long now = System.nanoTime();
    moment(Duration.ofNanos(now - last), what);
    last = now;
  }

  /** Something happened, and these two knew when. */
  void moment(Instant from, Instant to, String what) {
    moment(Duration.between(from, to), what);
    last = System.nanoTime();
  }

  private void moment(Duration took, String what) {
    out.styled("   @|yellow %7s|@  %s", took.toMillis() + " ms", what);
  }

  /** Something of the chapter, without a time of its own. */
  void note(String what) {
    line(what.isEmpty() ? "" : "            " + what);
  }

  void verified(String what) {
    out.styled("         @|green ✔|@  %s", what);
  }

  void failed(String what) {
    out.styled("         @|red ✘|@  %s", what);
  }

  void line(String text) {
    out.println(text);
  }
}
