package sh.cinch.ingress.text;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Reads ids that others have written, and makes those of what there is much of. */
public final class Uuids {

  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private Uuids() {}

  /**
   * An id of version 7: later ones come after it, so that an index of many grows at its end. No
   * secret, and cheap: what follows the time is random, though others may guess it.
   */
  public static UUID at(Instant time) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(
        (time.toEpochMilli() << 16) | VERSION_7 | random.nextInt(0x1000),
        VARIANT | (random.nextLong() >>> 2));
  }

  /** Empty for what is none. */
  public static Optional<UUID> parse(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
