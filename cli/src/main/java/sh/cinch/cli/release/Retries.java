package sh.cinch.cli.release;

import java.time.Duration;
import java.util.Optional;
import sh.cinch.cli.server.Refusal;

/** Trying again what failed for a reason that may pass, as long as somebody is willing to wait. */
final class Retries {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int DOUBLED = 6;
  private static final Duration LONGEST_ASKED_FOR = Duration.ofMinutes(2);

  private final String what;
  private final Sleeper sleeper;
  private final Progress progress;
  private final Duration patience;
  private Duration since = Duration.ZERO;
  private String said = "";
  private int failed;
  private int damaged;

  /**
   * @param what is tried, for whoever reads that it failed
   * @param patience how long it may fail without getting on
   */
  Retries(String what, Sleeper sleeper, Progress progress, Duration patience) {
    this.what = what;
    this.sleeper = sleeper;
    this.progress = progress;
    this.patience = patience;
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
    Duration now = sleeper.elapsed();
    if (failed == 0) {
      since = now;
    }
    Duration usual = shorter(LONGEST, FIRST.multipliedBy(1L << Math.min(failed, DOUBLED)));
    Duration pause =
        usual.compareTo(wait.orElse(Duration.ZERO)) > 0
            ? usual
            : shorter(LONGEST_ASKED_FOR, wait.orElseThrow());
    failed++;
    Duration failing = now.minus(since);
    if (failing.plus(pause).compareTo(patience) > 0) {
      throw new Refusal(
          "%s: %s Given up after %d tries in %s; --timeout says how long to wait."
              .formatted(what, sentence(why), failed, Text.duration(failing)));
    }
    say("%s: %s Trying again in %s.".formatted(what, sentence(why), Text.duration(pause)));
    sleeper.pause(pause);
  }

  /** The same words again are no news. */
  private void say(String words) {
    if (!words.equals(said)) {
      progress.say(words);
      said = words;
    }
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
