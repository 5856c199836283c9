package sh.cinch.ingress.text;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads ids that others have written. */
public final class Uuids {

  private Uuids() {}

  /** Empty for what is none. */
  public static Optional<UUID> parse(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
