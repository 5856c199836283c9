package sh.cinch.simulator.world;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A refresh token of a grant. One that rotation has replaced is kept: it must be told from one that
 * never existed.
 *
 * @param replacedAt when it was first used and another one given for it
 */
public record RefreshToken(
    String value, String grant, Instant issuedAt, Optional<Instant> replacedAt) {

  RefreshToken replaced(Instant now) {
    return new RefreshToken(value, grant, issuedAt, Optional.of(replacedAt.orElse(now)));
  }

  /** Replaced, and the time in which a caller who missed the answer may ask again is over. */
  public boolean isSpent(Duration grace, Instant now) {
    return replacedAt.map(at -> !now.isBefore(at.plus(grace))).orElse(false);
  }

  @Override
  public String toString() {
    return "RefreshToken";
  }
}
