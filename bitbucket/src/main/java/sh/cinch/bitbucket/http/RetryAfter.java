package sh.cinch.bitbucket.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The header of RFC 9110, section 10.2.3. Bitbucket is not known to send it; proxies do. */
final class RetryAfter {
  private static final int MOST_DIGITS = 9;

  private RetryAfter() {}

  /**
   * @param date the answer's own {@code Date}, which a {@code Retry-After} that is a date counts
   *     from: both are by the same clock, and ours may differ
   */
  static Optional<Duration> read(@Nullable String retryAfter, @Nullable String date) {
    if (retryAfter == null) {
      return Optional.empty();
    }
    String value = retryAfter.strip();
    if (value.length() <= MOST_DIGITS && value.matches("[0-9]+")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    if (date == null) {
      return Optional.empty();
    }
    try {
      Duration wait = Duration.between(httpDate(date), httpDate(value));
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static ZonedDateTime httpDate(String text) {
    return ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
  }
}
