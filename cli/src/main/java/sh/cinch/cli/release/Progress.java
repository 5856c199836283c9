package sh.cinch.cli.release;

/** How far things are, for whoever waits for them. Safe to use from several threads. */
interface Progress {

  /** One line. */
  void say(String line);

  /**
   * Something with a size is on its way.
   *
   * @param verb such as {@code sending}
   * @param done what is behind it already, in bytes
   */
  Step begin(String verb, String name, long done, long total);

  /** That something. */
  interface Step extends AutoCloseable {
    void at(long done);

    /** It is no longer on its way, however that ended. */
    @Override
    void close();
  }
}
