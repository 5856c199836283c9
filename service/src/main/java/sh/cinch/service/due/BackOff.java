package sh.cinch.service.due;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt. */
public final class BackOff {

  public static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final int DOUBLINGS = 9;

  /** What was just pushed is known seconds later; an outage that answers 404 takes longer. */
  private static final List<Duration> AFTER_NOT_FOUND =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(2));

  private BackOff() {}

  /**
   * From 2 seconds, doubling, to 10 minutes; up to a fifth more, so that what failed together does
   * not come back together.
   *
   * @param failures so far, at least one
   */
  public static Duration after(int failures) {
    long ms = SHORTEST.toMillis() << Math.min(failures - 1, DOUBLINGS);
    return jittered(Math.min(ms, LONGEST.toMillis()));
  }

  /**
   * Empty where what is looked for has had the time to appear.
   *
   * @param failures so far, at least one
   */
  public static Optional<Duration> afterNotFound(int failures) {
    return failures <= AFTER_NOT_FOUND.size()
        ? Optional.of(AFTER_NOT_FOUND.get(failures - 1))
        : Optional.empty();
  }

  private static Duration jittered(long ms) {
    return Duration.ofMillis(ms + ThreadLocalRandom.current().nextLong(ms / 5));
  }
}
