package sh.cinch.service.log;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Lines that others can have written as often as they like: of each kind one a minute, which says
 * how many were left out before it. Of any thread.
 *
 * @param <K> what lines of a kind have in common
 */
public final class Repetitions<K> {

  private static final Duration EVERY = Duration.ofMinutes(1);

  /** Of what is forgotten the next line is written. */
  private static final int REMEMBERED = 10_000;

  private record Written(Instant at, long leftOutSince) {}

  private final InstantSource clock;

  /** Whose last line is the oldest comes first. */
  private final Map<K, Written> kinds = new LinkedHashMap<>();

  public Repetitions(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @return how many were left out since the last line of the kind; empty where this one is, too
   */
  public synchronized OptionalLong next(K kind) {
    Instant now = clock.instant();
    Written last = kinds.get(kind);
    if (last != null && now.isBefore(last.at().plus(EVERY))) {
      kinds.put(kind, new Written(last.at(), last.leftOutSince() + 1));
      return OptionalLong.empty();
    }
    kinds.remove(kind);
    kinds.put(kind, new Written(now, 0));
    if (kinds.size() > REMEMBERED) {
      kinds.remove(kinds.keySet().iterator().next());
    }
    return OptionalLong.of(last == null ? 0 : last.leftOutSince());
  }
}
