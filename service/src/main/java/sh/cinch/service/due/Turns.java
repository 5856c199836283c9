package sh.cinch.service.due;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When each was last seen to have a turn. Whoever has something due all the time waits anew after
 * each, so that it does not come before those who got nothing meanwhile. For one thread at a time.
 */
final class Turns<T> {

  /** Who is forgotten had its turn before all these. */
  private static final int REMEMBERED = 10_000;

  private final Map<T, Instant> last = new LinkedHashMap<>();

  void had(T one, Instant now) {
    last.remove(one);
    last.put(one, now);
    if (last.size() > REMEMBERED) {
      last.remove(last.keySet().iterator().next());
    }
  }

  /**
   * @param due since when it has something due
   */
  Instant waitsSince(T one, Instant due) {
    Instant turn = last.getOrDefault(one, due);
    return turn.isAfter(due) ? turn : due;
  }
}
