package sh.cinch.ingress.webhooks.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** How many refused deliveries of a hook and day this instance has logged. */
final class RefusalCounts {

  private static final int REMEMBERED = 50_000;

  private final Cache<HookDay, AtomicInteger> counts =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  /** Whether there is room for one more, which is counted then. Never blocks. */
  boolean hasRoom(UUID hookId, Instant at) {
    return counts
            .get(HookDay.of(hookId, at), day -> new AtomicInteger())
            .getAndUpdate(count -> Math.min(count + 1, HookDay.MOST_REFUSED))
        < HookDay.MOST_REFUSED;
  }
}
