package sh.cinch.ingress.paging;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The last item of a page: the next one begins after it, whatever was added on top meanwhile.
 *
 * @param at what the list is ordered by, newest first
 * @param id tells items of one instant apart
 */
public record Cursor(Instant at, String id) {

  private static final char BETWEEN = ' ';

  /** Empty where the text is none that {@link #text} made. */
  public static Optional<Cursor> parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int between = plain.indexOf(BETWEEN);
      return between < 0
          ? Optional.empty()
          : Optional.of(
              new Cursor(Instant.parse(plain.substring(0, between)), plain.substring(between + 1)));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The id as one; empty where the cursor is not of a list whose ids are UUIDs. */
  public Optional<UUID> uuid() {
    try {
      return Optional.of(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** For an address; means nothing to whoever reads it. */
  public String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((at.toString() + BETWEEN + id).getBytes(StandardCharsets.UTF_8));
  }
}
