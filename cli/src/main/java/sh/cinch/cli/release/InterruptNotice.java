package sh.cinch.cli.release;

import java.io.PrintWriter;

/** What somebody reads who ends the command before its time. */
final class InterruptNotice implements AutoCloseable {

  private final Thread hook;
  private volatile String words;

  InterruptNotice(PrintWriter err, String words) {
    this.words = words;
    this.hook =
        new Thread(
            () -> {
              err.println();
              err.println("Interrupted. " + this.words);
            });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  void now(String newWords) {
    words = newWords;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is being said.
    }
  }
}
