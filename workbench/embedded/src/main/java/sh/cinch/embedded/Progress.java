package sh.cinch.embedded;

import java.util.Locale;
import java.util.function.Consumer;

/** Tells how the start of one server goes. */
final class Progress {

  private final String server;
  private final Consumer<String> listener;
  private final long began = System.nanoTime();

  Progress(String server, Consumer<String> listener) {
    this.server = server;
    this.listener = listener;
    listener.accept("starting " + server + "…");
  }

  void up(int port, int preferred) {
    String instead = port == preferred || preferred == 0 ? "" : " instead of " + preferred;
    listener.accept(
        String.format(
            Locale.ROOT,
            "%s is up on localhost:%d%s after %.1f s",
            server,
            port,
            instead,
            (System.nanoTime() - began) / 1e9));
  }
}
