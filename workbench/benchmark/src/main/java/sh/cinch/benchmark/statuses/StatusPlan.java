package sh.cinch.benchmark.statuses;

import java.util.Set;

/**
 * How much of statuses is measured.
 *
 * @param count posted in a round, each of a build of its own
 * @param inFlight posts under way together, at most
 * @param remembered statuses that lie in the tables in the end
 */
public record StatusPlan(Set<Part> parts, int count, int inFlight, int remembered) {

  /** A part of it. */
  public enum Part {
    /** How many a second. */
    throughput,
    /** From the event to the post. */
    delay,
    /** How many a second with many behind them. */
    remembered
  }
}
