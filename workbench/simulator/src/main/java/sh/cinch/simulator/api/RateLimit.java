package sh.cinch.simulator.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Counts requests over a rolling hour. Lives behind the world's lock. */
final class RateLimit {
  private static final Duration WINDOW = Duration.ofHours(1);

  private record Account(String charged, Pool pool) {}

  /** What is left of an hour's requests. */
  enum Room {
    ENOUGH,
    /** Less than a fifth. */
    NEARLY_NONE,
    NONE
  }

  private final Map<Account, Deque<Instant>> taken = new HashMap<>();

  /**
   * Takes one request out of the hour's, if one is left.
   *
   * @param hourly 0: unlimited
   */
  Room take(String charged, Pool pool, int hourly, Instant now) {
    if (hourly == 0) {
      return Room.ENOUGH;
    }
    Deque<Instant> times =
        taken.computeIfAbsent(new Account(charged, pool), a -> new ArrayDeque<>());
    while (!times.isEmpty() && !times.getFirst().isAfter(now.minus(WINDOW))) {
      times.removeFirst();
    }
    if (times.size() >= hourly) {
      return Room.NONE;
    }
    times.addLast(now);
    return (hourly - times.size()) * 5 < hourly ? Room.NEARLY_NONE : Room.ENOUGH;
  }
}
