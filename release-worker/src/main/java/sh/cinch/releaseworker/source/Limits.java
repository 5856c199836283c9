package sh.cinch.releaseworker.source;

import java.time.Duration;

/**
 * How long a source is waited for.
 *
 * @param name for its host's addresses
 * @param connect for a connection, and as long again for TLS
 * @param head for the status and headers of an answer
 * @param inactivity for the next bytes of the file, while somebody waits for them
 */
record Limits(Duration name, Duration connect, Duration head, Duration inactivity) {

  static final Limits USUAL =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60));
}
