package sh.cinch.service.retention;

import java.time.Duration;
import sh.cinch.schema.event.Limits;
import sh.cinch.service.config.Environment;

/** What is kept for some days, and the setting that says for how many. */
public enum RetentionDays {
  DELIVERIES("CINCH_DELIVERY_DAYS", 30, 1),
  /** None where it is 0. */
  DELIVERY_BODIES("CINCH_DELIVERY_BODY_DAYS", 7, 0),
  PUSHES("CINCH_PUSH_DAYS", days(Limits.AGE), 1),
  STATUSES("CINCH_STATUS_DAYS", days(Limits.AGE), days(Limits.AGE)),
  RELEASES("CINCH_RELEASE_DAYS", days(Limits.AGE), days(Limits.AGE)),
  LEASES("CINCH_AUDIT_DAYS", 90, 1);

  private final String setting;
  private final int usual;
  private final int least;

  RetentionDays(String setting, int usual, int least) {
    this.setting = setting;
    this.usual = usual;
    this.least = least;
  }

  private static int days(Duration duration) {
    return Math.toIntExact(duration.toDays());
  }

  /** For how long, where nothing is set. */
  public Duration usual() {
    return Duration.ofDays(usual);
  }

  public Duration from(Environment environment) {
    return Duration.ofDays(environment.count(setting, least, usual));
  }
}
