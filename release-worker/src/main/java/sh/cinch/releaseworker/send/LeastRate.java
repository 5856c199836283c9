package sh.cinch.releaseworker.send;

import java.time.Duration;
import sh.cinch.service.config.Environment;

/**
 * How fast a file must go: whoever gives or takes less would have an upload's place for hours.
 *
 * @param bytes that must move in each span; 0: none
 */
public record LeastRate(long bytes, Duration span) {

  private static final Duration SPAN = Duration.ofMinutes(1);
  private static final int USUAL_KIB_A_SECOND = 16;

  public static LeastRate from(Environment environment) {
    int kib = environment.count("CINCH_RELEASE_LEAST_KIB", 0, USUAL_KIB_A_SECOND);
    return new LeastRate(kib * 1024L * SPAN.toSeconds(), SPAN);
  }
}
