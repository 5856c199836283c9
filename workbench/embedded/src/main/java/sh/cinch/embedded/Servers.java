package sh.cinch.embedded;

/** A Kafka broker and a PostgreSQL, both up. */
public interface Servers extends AutoCloseable {

  KafkaAccess kafka();

  Database database();

  /** Stops both and leaves no process behind. Closing twice is closing once. */
  @Override
  void close();

  /**
   * Returns when both take connections.
   *
   * @throws IllegalStateException if a server does not start: its directory is in use, Docker does
   *     not answer; whatever had started is stopped again
   */
  static Servers start(ServersConfig config) {
    return switch (config.choice()) {
      case EMBEDDED -> EmbeddedServers.start(config);
      case CONTAINERS -> ContainerServers.start(config);
    };
  }
}
