package sh.cinch.simulator.world;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A refresh token of a grant. One that rotation has replaced is kept: it must be told from one that
 * never existed.
 *
 * @param replacedAt when it was first used and another one given for it
 * @param given what was given for it last
 * @param superseded whether the token it was itself given for came back and got another one
 */
public record RefreshToken(
    String value,
    String grant,
    Instant issuedAt,
    Optional<Instant> replacedAt,
    Optional<Pair> given,
    boolean superseded) {

  /** The two tokens that one refresh hands out. */
  public record Pair(String accessToken, String refreshToken) {

    @Override
    public String toString() {
      return "Pair";
    }
  }

  public RefreshToken(String value, String grant, Instant issuedAt) {
    this(value, grant, issuedAt, Optional.empty(), Optional.empty(), false);
  }

  RefreshToken replaced(Pair by, Instant now) {
    return new RefreshToken(
        value, grant, issuedAt, Optional.of(replacedAt.orElse(now)), Optional.of(by), superseded);
  }

  RefreshToken asSuperseded() {
    return new RefreshToken(value, grant, issuedAt, replacedAt, given, true);
  }

  /** Replaced, and the time in which a caller who missed the answer may ask again is over. */
  public boolean isSpent(Duration grace, Instant now) {
    return superseded || replacedAt.map(at -> !now.isBefore(at.plus(grace))).orElse(false);
  }

  @Override
  public String toString() {
    return "RefreshToken";
  }
}
