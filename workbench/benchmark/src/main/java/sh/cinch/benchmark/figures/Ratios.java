package sh.cinch.benchmark.figures;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What single rounds come to together. */
public final class Ratios {

  private Ratios() {}

  /** The middle one, so that a round somebody disturbed does not count. */
  public static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  public static double rounded(double figure) {
    return Math.round(figure * 1000) / 1000.0;
  }

  public static <T> String range(List<T> rounds, ToDoubleFunction<T> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return sorted.length == 0
        ? "none"
        : "%.2f to %.2f".formatted(sorted[0], Arrays.stream(sorted).max().orElse(0));
  }
}
