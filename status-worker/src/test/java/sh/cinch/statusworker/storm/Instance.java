package sh.cinch.statusworker.storm;

/** A status-worker at work; closed when nobody looks at what it does any more. */
interface Instance extends AutoCloseable {

  void awaitReady();

  /** In good order. */
  void stop();

  /** In the middle of whatever it does. */
  void kill();

  @Override
  void close();
}
