package sh.cinch.simulator.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Counts requests over a rolling window, an hour mostly. Lives behind the world's lock. */
final class RateLimit {
  private record Account(String charged, Pool pool) {}

  /** What is left of a window's requests. */
  enum Room {
    ENOUGH,
    /** Less than a fifth. */
    NEARLY_NONE,
    NONE
  }

  private final Map<Account, Deque<Instant>> taken = new HashMap<>();

  /**
   * Takes one request out of the window's, if one is left.
   *
   * @param most 0: unlimited
   */
  Room take(String charged, Pool pool, int most, Duration window, Instant now) {
    if (most == 0) {
      return Room.ENOUGH;
    }
    Deque<Instant> times =
        taken.computeIfAbsent(new Account(charged, pool), a -> new ArrayDeque<>());
    while (!times.isEmpty() && !times.getFirst().isAfter(now.minus(window))) {
      times.removeFirst();
    }
    if (times.size() >= most) {
      return Room.NONE;
    }
    times.addLast(now);
    return (most - times.size()) * 5 < most ? Room.NEARLY_NONE : Room.ENOUGH;
  }
}
