package sh.cinch.benchmark.figures;

import java.util.Arrays;
import java.util.Collection;

/** Durations of the same thing, measured again and again. */
public final class Sample {

  private static final double NANOS_A_MS = 1e6;

  private final long[] sorted;

  private Sample(long[] sorted) {
    this.sorted = sorted;
  }

  public static Sample of(Collection<Long> nanos) {
    return of(nanos.stream().mapToLong(Long::longValue).toArray());
  }

  public static Sample of(long... nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Sample(sorted);
  }

  public int size() {
    return sorted.length;
  }

  public double median() {
    return at(0.5);
  }

  /**
   * @return the milliseconds that this share of all stayed within
   */
  public double at(double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / NANOS_A_MS;
  }
}
