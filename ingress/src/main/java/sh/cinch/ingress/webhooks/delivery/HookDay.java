package sh.cinch.ingress.webhooks.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** A hook on a day (UTC), of which a few refused deliveries are logged: anybody can send them. */
record HookDay(UUID hookId, Instant begin) {

  static final int MOST_REFUSED = 100;

  static HookDay of(UUID hookId, Instant at) {
    return new HookDay(hookId, at.truncatedTo(ChronoUnit.DAYS));
  }

  Instant end() {
    return begin.plus(Duration.ofDays(1));
  }
}
