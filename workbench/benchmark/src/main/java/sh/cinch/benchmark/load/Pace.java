package sh.cinch.benchmark.load;

import java.time.Duration;

/**
 * How a round is asked for.
 *
 * @param connections kept open
 * @param perSecond requests at even distances, of which each counts from when it was to be sent; 0:
 *     each connection asks again as soon as it is answered
 */
public record Pace(int connections, Duration span, int perSecond) {

  public static Pace asFastAsCanBe(int connections, Duration span) {
    return new Pace(connections, span, 0);
  }
}
