package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a caller of the API shows.
 *
 * @param account UUID of the account it speaks for
 * @param charged whose requests are counted: all of an OAuth client's or a person's together, or
 *     this token's
 * @param email with which it is shown as {@code Basic}; as {@code Bearer} where there is none
 */
public record AccessToken(
    String value,
    Kind kind,
    String account,
    Set<String> scopes,
    String charged,
    Optional<String> grant,
    Optional<Instant> expiresAt,
    Optional<String> email) {

  /** Where it comes from. */
  public enum Kind {
    OAUTH,
    REPOSITORY,
    API_TOKEN
  }

  public AccessToken {
    scopes = Set.copyOf(scopes);
  }

  public boolean isExpired(Instant now) {
    return expiresAt.map(end -> !now.isBefore(end)).orElse(false);
  }

  @Override
  public String toString() {
    return "AccessToken";
  }
}
