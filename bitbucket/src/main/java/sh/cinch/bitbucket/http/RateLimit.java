package sh.cinch.bitbucket.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer tells of the limit that its request counts against. Only repository, project and
 * workspace access tokens are told.
 *
 * @param requests that are taken in an hour
 * @param isNear whether few of them are left
 */
public record RateLimit(int requests, boolean isNear) {

  private static final int MOST_DIGITS = 9;

  /** Empty where the limit is missing or no number. */
  static Optional<RateLimit> read(@Nullable String limit, @Nullable String nearLimit) {
    String number = limit == null ? "" : limit.strip();
    if (number.length() > MOST_DIGITS || !number.matches("[0-9]*[1-9][0-9]*")) {
      return Optional.empty();
    }
    return Optional.of(
        new RateLimit(
            Integer.parseInt(number), nearLimit != null && nearLimit.strip().equals("true")));
  }
}
