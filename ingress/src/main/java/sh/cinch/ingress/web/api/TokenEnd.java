package sh.cinch.ingress.web.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import sh.cinch.service.http.Problem;

/** When a pasted token ends, as a person says it. */
final class TokenEnd {

  private static final int LAST_YEAR = 9999;
  private static final LocalTime END_OF_DAY = LocalTime.of(23, 59, 59);

  private TokenEnd() {}

  /**
   * @param text a date, whose end in UTC is meant, or a time with its offset
   * @throws Problem 400 where it is neither, 422 where it is past
   */
  static Instant of(String text, Instant now) {
    OffsetDateTime end = read(text);
    if (end.getYear() > LAST_YEAR) {
      throw malformed();
    }
    if (!end.toInstant().isAfter(now)) {
      throw new Problem(
          422,
          "Token expired",
          "'expiresAt' is %s, which is past: a token that has ended connects nothing. Make a new one on Bitbucket."
              .formatted(text));
    }
    return end.toInstant();
  }

  private static OffsetDateTime read(String text) {
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text)
          : LocalDate.parse(text).atTime(END_OF_DAY).atOffset(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw malformed();
    }
  }

  private static Problem malformed() {
    return new Problem(
        400,
        "Malformed request",
        "'expiresAt' is a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z.");
  }
}
