package sh.cinch.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that passes only when told to. */
public final class TestClock implements InstantSource {
  private volatile Instant now = Instant.parse("2026-11-23T15:00:00.123456Z");

  @Override
  public Instant instant() {
    return now;
  }

  public void advance(Duration by) {
    now = now.plus(by);
  }
}
