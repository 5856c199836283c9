package sh.cinch.ingress.connecting;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.connecting.credential.StoreResult;
import sh.cinch.service.http.Problem;

/**
 * Keeps guesses from the forge: whoever showed it ten codes or tokens that it refused shows it no
 * more of them for ten minutes. What succeeds, and what cannot be asked, is not counted.
 */
final class RefusalLimit {

  private static final Logger log = LoggerFactory.getLogger(RefusalLimit.class);
  private static final int MOST = 10;
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int REMEMBERED = 50_000;

  private final Cache<String, AtomicInteger> refused;

  RefusalLimit(InstantSource clock) {
    this.refused =
        Caffeine.newBuilder()
            .expireAfterWrite(WINDOW)
            .maximumSize(REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  /**
   * @param who whose refusals are counted together
   * @throws Problem 429
   */
  StoreResult ask(String who, Supplier<StoreResult> question) {
    AtomicInteger count = refused.get(who, unknown -> new AtomicInteger());
    // Counted before it is known, so that a hundred at once are not a hundred.
    if (count.incrementAndGet() > MOST) {
      count.decrementAndGet();
      throw new Problem(
              429,
              "Too many tries",
              "Bitbucket refused %d codes or tokens from you, or is still looking at them. Try again in %d minutes."
                  .formatted(MOST, WINDOW.toMinutes()))
          .retryAfter(WINDOW);
    }
    boolean wasRefused = false;
    try {
      StoreResult result = question.get();
      wasRefused = result instanceof StoreResult.Refused;
      return result;
    } finally {
      if (!wasRefused) {
        count.decrementAndGet();
      } else if (count.get() == MOST) {
        log.warn("{} showed Bitbucket {} codes or tokens that it refused, and waits", who, MOST);
      }
    }
  }
}
