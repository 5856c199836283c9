package sh.cinch.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a simulator is started with.
 *
 * @param host which of this machine's addresses it listens on; {@code localhost} is for itself
 *     alone
 * @param port 0: a free one
 * @param stateFile where everything is kept over a restart; in memory only where absent
 * @param callback the exact address the OAuth client is registered with
 * @param scopes what the OAuth client asks its users for
 */
public record SimulatorConfig(
    String host,
    int port,
    Optional<Path> stateFile,
    String clientId,
    String clientSecret,
    URI callback,
    List<String> scopes) {

  static final String LOOPBACK = "localhost";

  private static final List<String> USUAL_SCOPES =
      List.of("account", "repository", "repository:write", "webhook");

  public SimulatorConfig {
    scopes = List.copyOf(scopes);
  }

  /** With the scopes a continuous integration needs, and for this machine alone. */
  public SimulatorConfig(
      int port, Optional<Path> stateFile, String clientId, String clientSecret, URI callback) {
    this(LOOPBACK, port, stateFile, clientId, clientSecret, callback);
  }

  /** With the scopes a continuous integration needs. */
  public SimulatorConfig(
      String host,
      int port,
      Optional<Path> stateFile,
      String clientId,
      String clientSecret,
      URI callback) {
    this(host, port, stateFile, clientId, clientSecret, callback, USUAL_SCOPES);
  }

  @Override
  public String toString() {
    return "SimulatorConfig[host=%s, port=%d, stateFile=%s, clientId=%s, callback=%s]"
        .formatted(host, port, stateFile, clientId, callback);
  }
}
