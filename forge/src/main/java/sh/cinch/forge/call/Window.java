package sh.cinch.forge.call;

import java.time.Duration;
import java.time.Instant;

/**
 * The time over which a forge counts requests, in sixty parts: an hour by the minute. Requests are
 * counted before they are made, so each counts for up to two parts longer than the forge may count
 * it.
 */
record Window(Duration length) {

  static final Window HOUR = new Window(Duration.ofHours(1));

  private static final int PARTS = 60;
  private static final int LONGER = 2;

  long part(Instant instant) {
    return instant.toEpochMilli() / partMillis();
  }

  Instant begin(long part) {
    return Instant.ofEpochMilli(part * partMillis());
  }

  RollingCount empty() {
    return RollingCount.empty(places());
  }

  int places() {
    return PARTS + LONGER;
  }

  /** The part from which the forge surely counts nothing of what this one has left out. */
  static long later(long part) {
    return part + LONGER;
  }

  private long partMillis() {
    return length.toMillis() / PARTS;
  }
}
