package sh.cinch.ingress.web.pages;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A time, for people and for scripts.
 *
 * @param iso ISO 8601
 */
public record When(String iso, String text) {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  static When of(Instant instant) {
    return new When(instant.toString(), FORMAT.format(instant));
  }
}
