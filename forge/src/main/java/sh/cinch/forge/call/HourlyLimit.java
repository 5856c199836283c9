package sh.cinch.forge.call;

import java.time.Duration;
import sh.cinch.service.config.Environment;

/**
 * What a forge takes of one identity, in each pool.
 *
 * @param requests within the window; 0: as many as are made
 * @param window an hour, but for tests
 */
public record HourlyLimit(int requests, Duration window) {

  /** As Bitbucket documents it. */
  private static final int USUAL = 1000;

  public static HourlyLimit of(int requests) {
    return new HourlyLimit(requests, Duration.ofHours(1));
  }

  public static HourlyLimit usual() {
    return of(USUAL);
  }

  public static HourlyLimit from(Environment environment) {
    return of(environment.count("CINCH_BITBUCKET_HOURLY_LIMIT", 0, USUAL));
  }

  public boolean isNone() {
    return requests == 0;
  }
}
