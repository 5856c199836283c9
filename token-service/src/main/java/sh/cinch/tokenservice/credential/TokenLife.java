package sh.cinch.tokenservice.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * From when to when an access token works.
 *
 * @param madeAt by our clock, before it was asked for: counted so, it never ends too late
 */
public record TokenLife(Instant madeAt, Instant expiresAt) {

  /** What Bitbucket documents, for an answer that does not say. */
  public static final Duration UNSTATED = Duration.ofHours(1);

  private static final Duration LAST_MOMENT = Duration.ofSeconds(5);
  private static final Duration BEFORE_THE_END = Duration.ofMinutes(5);
  private static final List<Duration> WARNINGS = List.of(Duration.ofDays(14), Duration.ofDays(3));
  private static final double USED_UP = 0.8;
  private static final double SPREAD = 0.1;

  /**
   * Whether it can be lent without refreshing.
   *
   * @param asked more than half of a whole life is not waited for: where tokens live for seconds,
   *     every lease would be a refresh
   */
  public boolean lasts(Duration asked, Instant now) {
    Duration half = whole().dividedBy(2);
    return isUsable(now) && remaining(now).compareTo(min(asked, half)) >= 0;
  }

  /** Whether a request made with it now would still get there in time. */
  public boolean isUsable(Instant now) {
    return remaining(now).compareTo(min(LAST_MOMENT, whole().dividedBy(10))) > 0;
  }

  /**
   * When to refresh it so that nobody has to wait. Each time a little different: tokens that were
   * made together are not refreshed together.
   */
  Instant wantsRefresh() {
    Duration latest =
        min(
            whole().minus(BEFORE_THE_END),
            Duration.ofMillis((long) (whole().toMillis() * USED_UP)));
    Duration half = whole().dividedBy(2);
    long end = Math.max(latest.toMillis(), half.toMillis());
    long spread = (long) (whole().toMillis() * SPREAD);
    long wait = end - ThreadLocalRandom.current().nextLong(spread + 1);
    return madeAt.plusMillis(Math.max(wait, half.toMillis()));
  }

  /** When somebody wants to hear that it will end: in time, and at once where that is past. */
  Instant wantsWarning() {
    Instant first = expiresAt.minus(WARNINGS.getFirst());
    return first.isAfter(madeAt) ? first : madeAt;
  }

  /** When to say so again, or at last that it has ended; empty once it has. */
  public Optional<Instant> nextWarning(Instant now) {
    return Stream.concat(WARNINGS.stream().map(expiresAt::minus), Stream.of(expiresAt))
        .filter(now::isBefore)
        .findFirst();
  }

  private Duration whole() {
    return Duration.between(madeAt, expiresAt);
  }

  private Duration remaining(Instant now) {
    return Duration.between(now, expiresAt);
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
