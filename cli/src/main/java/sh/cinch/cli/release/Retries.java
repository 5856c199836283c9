package sh.cinch.cli.release;

import java.time.Duration;
import java.util.Optional;
import sh.cinch.cli.server.Refusal;

/** Trying again what failed for a reason that may pass: about a minute, longer while it gets on. */
final class Retries {

  static final int MOST = 8;

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration LONGEST_ASKED_FOR = Duration.ofMinutes(2);

  private final String what;
  private final Sleeper sleeper;
  private final Progress progress;
  private int failed;
  private int damaged;

  /**
   * @param what is tried, for whoever reads that it failed
   */
  Retries(String what, Sleeper sleeper, Progress progress) {
    this.what = what;
    this.sleeper = sleeper;
    this.progress = progress;
  }

  /** It got on: what failed before no longer counts. */
  void gotOn() {
    failed = 0;
  }

  /**
   * Says why it failed and returns when the next try is due.
   *
   * @param wait what the server asked for
   * @throws Refusal where that was the last one
   */
  void failed(String why, Optional<Duration> wait) {
    failed++;
    if (failed == MOST) {
      throw new Refusal("%s: %s Given up after %d tries.".formatted(what, sentence(why), MOST));
    }
    Duration usual = FIRST.multipliedBy(1L << (failed - 1));
    Duration pause =
        shorter(LONGEST, usual).compareTo(wait.orElse(Duration.ZERO)) > 0
            ? shorter(LONGEST, usual)
            : shorter(LONGEST_ASKED_FOR, wait.orElseThrow());
    progress.say("%s: %s Trying again in %s.".formatted(what, sentence(why), Text.duration(pause)));
    sleeper.pause(pause);
  }

  /**
   * All of it went and did not arrive as it was, which a second time is no accident.
   *
   * @throws Refusal where it happened before
   */
  void damaged(String why) {
    damaged++;
    if (damaged > 1) {
      throw new Refusal("%s: %s Given up after it was sent twice.".formatted(what, sentence(why)));
    }
    failed(why, Optional.empty());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String sentence(String words) {
    return words.matches("(?s).*[.!?]$") ? words : words + ".";
  }
}
