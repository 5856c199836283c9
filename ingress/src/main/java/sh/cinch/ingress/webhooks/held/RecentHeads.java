package sh.cinch.ingress.webhooks.held;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;

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
  boolean areContinuedBy(UUID repository, List<RefChange> changes, Instant now) {
    return Continuation.isOfAll(changes, ref -> head(repository, ref, now, null));
  }

  /**
   * Null where the ref is gone.
   *
   * @param otherwise where nothing is known here
   */
  @Nullable String head(UUID repository, String ref, Instant now, @Nullable String otherwise) {
    Head head = heads.getIfPresent(new Key(repository, ref));
    return head == null || head.at().plus(BELIEVED).isBefore(now) ? otherwise : head.hash();
  }

  void published(UUID repository, List<RefChange> changes, Instant now) {
    changes.forEach(
        change ->
            heads.put(new Key(repository, change.ref()), new Head(change.newHash(), now)));
  }

  /** They were not, or perhaps not. */
  void notPublished(UUID repository, List<RefChange> changes) {
    changes.forEach(change -> heads.invalidate(new Key(repository, change.ref())));
  }
}
