package sh.cinch.ingress.webhooks.publish;

import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import sh.cinch.bitbucket.webhook.RefChange;

/**
 * The id of an event: the same for every attempt to deliver one change of a ref, another one for
 * the same change at another time.
 */
final class EventId {

  private static final int BYTES = 16;

  private EventId() {}

  /**
   * @return 32 hex digits
   */
  static String of(UUID repository, RefChange change, String firstRequestId) {
    // A NUL stands in none of the parts, so no two lists of parts read the same.
    String parts =
        String.join(
            "\0",
            repository.toString(),
            change.ref(),
            Objects.requireNonNullElse(change.oldHash(), ""),
            Objects.requireNonNullElse(change.newHash(), ""),
            firstRequestId);
    return HexFormat.of().formatHex(DigestUtils.sha256(parts), 0, BYTES);
  }
}
