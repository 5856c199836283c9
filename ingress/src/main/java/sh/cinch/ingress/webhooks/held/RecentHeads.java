package sh.cinch.ingress.webhooks.held;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;

/**
 * Where this instance has published refs to be of late. It is believed for less than the retry
 * window: a body that came before that and continues from a head that was set since is of a ref
 * that has really come back there.
 */
final class RecentHeads {

  /** Clocks of instances may differ a little. */
  private static final Duration BELIEVED = DeliveryLog.RETRIES_WITHIN.minusSeconds(30);

  private static final int REMEMBERED = 20_000;

  private final Cache<Key, Head> heads = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  private record Key(UUID repository, String ref) {}

  /**
   * @param hash null where it was deleted
   */
  private record Head(@Nullable String hash, Instant at) {}

  /** Whether it is known here that each change begins where its ref is. */
  boolean areContinuedBy(LoggedDelivery line, List<RefChange> changes) {
    return Continuation.isOfAll(changes, ref -> head(line, ref, null));
  }

  /**
   * Where a ref of its repository is when a delivery comes; null: nowhere, as far as is known.
   *
   * @param otherwise what the database knows
   */
  @Nullable String head(LoggedDelivery line, String ref, @Nullable KnownHead otherwise) {
    Head head = heads.getIfPresent(new Key(line.repositoryId(), ref));
    if (head != null && !head.at().plus(BELIEVED).isBefore(line.receivedAt())) {
      return head.hash();
    }
    return otherwise == null ? null : otherwise.hash();
  }

  void published(UUID repository, List<RefChange> changes, Instant now) {
    changes.forEach(
        change -> heads.put(new Key(repository, change.ref()), new Head(change.newHash(), now)));
  }

  /** They were not, or perhaps not. */
  void notPublished(UUID repository, List<RefChange> changes) {
    changes.forEach(change -> heads.invalidate(new Key(repository, change.ref())));
  }
}
