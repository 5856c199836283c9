package sh.cinch.ingress.reconciler;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Whether the forge is in an outage, by the looks of the last minutes: what many repositories share
 * is none of theirs.
 */
final class OutageWatch {

  private static final Duration LATELY = Duration.ofMinutes(5);
  private static final int REMEMBERED = 1_000;
  private static final int FAILED = 2;
  private static final int PART = 4;

  /**
   * The last look at a repository.
   *
   * @param isEmptied whether nothing was left of it
   */
  private record Seen(Instant at, boolean isWell, boolean isEmptied) {}

  private final InstantSource clock;
  private final Map<UUID, Seen> seen = new LinkedHashMap<>();
  private boolean wasOutage;

  OutageWatch(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void failed(UUID repository) {
    put(repository, new Seen(clock.instant(), false, false));
    wasOutage |= isOutage();
  }

  synchronized void answered(UUID repository, boolean isEmptied) {
    put(repository, new Seen(clock.instant(), true, isEmptied));
  }

  private void put(UUID repository, Seen look) {
    seen.remove(repository);
    seen.put(repository, look);
    if (seen.size() > REMEMBERED) {
      seen.remove(seen.keySet().iterator().next());
    }
  }

  /** Whether a quarter of the repositories, or more, fail together. */
  synchronized boolean isOutage() {
    long failed = lately().values().stream().filter(look -> !look.isWell()).count();
    return failed >= FAILED && failed * PART >= lately().size();
  }

  /** Whether another repository has lost all at once, too. */
  synchronized boolean isAnotherEmptied(UUID repository) {
    return lately().entrySet().stream()
        .anyMatch(look -> look.getValue().isEmptied() && !look.getKey().equals(repository));
  }

  /** Whether an outage has ended; said once. */
  synchronized boolean isOver() {
    if (!wasOutage || isOutage()) {
      return false;
    }
    wasOutage = false;
    return true;
  }

  private Map<UUID, Seen> lately() {
    Instant since = clock.instant().minus(LATELY);
    Map<UUID, Seen> lately = new HashMap<>(seen);
    lately.values().removeIf(look -> look.at().isBefore(since));
    return lately;
  }
}
