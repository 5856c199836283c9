package sh.cinch.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a simulator is started with.
 *
 * @param port 0: a free one
 * @param stateFile where everything is kept over a restart; in memory only where absent
 * @param callback the exact address the OAuth client is registered with
 * @param scopes what the OAuth client asks its users for
 */
public record SimulatorConfig(
    int port,
    Optional<Path> stateFile,
    String clientId,
    String clientSecret,
    URI callback,
    List<String> scopes) {

  private static final List<String> USUAL_SCOPES =
      List.of("account", "repository", "repository:write", "webhook");

  public SimulatorConfig {
    scopes = List.copyOf(scopes);
  }

  /** With the scopes a continuous integration needs. */
  public SimulatorConfig(
      int port, Optional<Path> stateFile, String clientId, String clientSecret, URI callback) {
    this(port, stateFile, clientId, clientSecret, callback, USUAL_SCOPES);
  }

  @Override
  public String toString() {
    return "SimulatorConfig[port=%d, stateFile=%s, clientId=%s, callback=%s]"
        .formatted(port, stateFile, clientId, callback);
  }
}
