package sh.cinch.statusworker.storm;

/** A status-worker at work. */
interface Instance {

  void awaitReady();

  /** In good order. */
  void stop();

  /** In the middle of whatever it does. */
  void kill();
}
