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
    Duration pause = doubled(failures, LONGEST);
    return spread(pause, pause.dividedBy(5));
  }

  /** The same within another bound, which is never passed: from half of the pause to all of it. */
  public static Duration atMost(Duration longest, int failures) {
    Duration half = doubled(failures, longest).dividedBy(2);
    return spread(half, half);
  }

  /** That long and by chance up to so much more, so that nothing comes back together. */
  public static Duration spread(Duration least, Duration more) {
    return least.plusMillis(ThreadLocalRandom.current().nextLong(more.toMillis() + 1));
  }

  public static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
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

  private static Duration doubled(int failures, Duration longest) {
    Duration pause = SHORTEST.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
