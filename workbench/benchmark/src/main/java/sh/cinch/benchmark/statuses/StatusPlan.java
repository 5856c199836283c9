package sh.cinch.benchmark.statuses;

/**
 * How much of statuses is measured.
 *
 * @param count posted in a round, each of a build of its own
 * @param inFlight posts under way together, at most
 */
public record StatusPlan(int count, int inFlight) {}
