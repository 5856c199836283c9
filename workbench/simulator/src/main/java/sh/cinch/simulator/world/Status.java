package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.Optional;

/**
 * A commit status: what one build says about one commit.
 *
 * @param account UUID of whoever created it, and alone may overwrite it beside administrators
 */
public record Status(
    String commit,
    String key,
    State state,
    String name,
    String description,
    String url,
    Optional<String> refname,
    String account,
    Instant createdOn,
    Instant updatedOn) {

  /** The four states Bitbucket knows. */
  public enum State {
    INPROGRESS,
    SUCCESSFUL,
    FAILED,
    STOPPED
  }
}
