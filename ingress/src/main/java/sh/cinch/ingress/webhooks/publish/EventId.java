package sh.cinch.ingress.webhooks.publish;

import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * The id of an event: the same for every attempt to deliver one change of a ref, another one for
 * the same change at another time.
 */
final class EventId {

  private static final int BYTES = 16;

  private EventId() {}

  /**
   * @param firstRequestId tells it from the same change at another time; of a push that no delivery
   *     brought, what stands in its place
   * @return 32 hex digits
   */
  static String of(
      UUID repository,
      String ref,
      @Nullable String oldHash,
      @Nullable String newHash,
      String firstRequestId) {
    // A NUL stands in none of the parts, so no two lists of parts read the same.
    String parts =
        String.join(
            "\0",
            repository.toString(),
            ref,
            Objects.requireNonNullElse(oldHash, ""),
            Objects.requireNonNullElse(newHash, ""),
            firstRequestId);
    return HexFormat.of().formatHex(DigestUtils.sha256(parts), 0, BYTES);
  }
}
