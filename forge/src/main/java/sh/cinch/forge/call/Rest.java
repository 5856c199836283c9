package sh.cinch.forge.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * After a refusal nothing is asked for a while; then one request is made, for all instances, and
 * its answer tells whether that goes on.
 *
 * @param since the first refusal, also where requests were taken for a moment in between
 * @param until no request before
 * @param probing until when the one request may take to be answered
 */
record Rest(Instant since, Instant until, Optional<Instant> probing) {

  /** What was refused so soon after a rest is refused for the same reason. */
  static final Duration SOON = Duration.ofMinutes(1);

  private static final Duration SHORTEST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration SHORTEST_ASKED_FOR = Duration.ofSeconds(2);
  private static final Duration LONGEST_ASKED_FOR = Duration.ofHours(1);
  private static final Duration TO_BE_ANSWERED = Duration.ofSeconds(30);

  /**
   * Asked every five seconds at first, and in the end every minute.
   *
   * @param asked what the forge itself asks for
   */
  static Rest after(Instant since, Instant now, Optional<Duration> asked) {
    Duration pause =
        asked
            .map(wish -> within(wish, SHORTEST_ASKED_FOR, LONGEST_ASKED_FOR))
            .orElseGet(() -> within(Duration.between(since, now).dividedBy(12), SHORTEST, LONGEST));
    return new Rest(since, now.plus(pause), Optional.empty());
  }

  Rest probedAt(Instant now) {
    return new Rest(since, until, Optional.of(now.plus(TO_BE_ANSWERED)));
  }

  /** Until when nobody asks; passed where whoever asks next does it for all. */
  Instant end() {
    return probing.filter(until::isBefore).orElse(until);
  }

  /** When it is worth asking again; an answer that others wait for mostly comes soon. */
  Instant again(Instant now) {
    Instant soon = now.plus(SHORTEST_ASKED_FOR);
    return now.isBefore(until) || end().isBefore(soon) ? end() : soon;
  }

  private static Duration within(Duration wish, Duration least, Duration most) {
    Duration some = wish.compareTo(least) < 0 ? least : wish;
    return some.compareTo(most) > 0 ? most : some;
  }
}
