package sh.cinch.local.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Help.Ansi;

/** What a person reads while it happens: chapters, moments with how long each took, and checks. */
final class Timeline {

  private final PrintWriter out;
  private int chapter;
  private long last;

  Timeline(PrintWriter out) {
    this.out = out;
  }

  void title(String text) {
    line("@|bold " + text + "|@");
  }

  void chapter(String name, String what) {
    line("");
    line("@|bold,cyan %d  %-9s|@ %s".formatted(++chapter, name, what));
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
    line("   @|yellow %7s|@  %s".formatted(took.toMillis() + " ms", what));
  }

  /** Something of the chapter, without a time of its own. */
  void note(String what) {
    line(what.isEmpty() ? "" : "            " + what);
  }

  void verified(String what) {
    line("         @|green ✔|@  %s".formatted(what));
  }

  void failed(String what) {
    line("         @|red ✘|@  %s".formatted(what));
  }

  void line(String text) {
    out.println(Ansi.AUTO.string(text));
    out.flush();
  }
}
