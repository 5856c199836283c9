package sh.cinch.benchmark.load;

/**
 * What one round of requests came to.
 *
 * @param failures answers other than 2xx, and connections that broke
 * @param p50 milliseconds until the answer was there
 */
public record Round(long requests, long failures, long nanos, double p50, double p99) {

  static Round parse(String line) {
    String[] words = line.split(" ", -1);
    return new Round(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Double.parseDouble(words[3]),
        Double.parseDouble(words[4]));
  }

  String words() {
    return "%d %d %d %s %s".formatted(requests, failures, nanos, p50, p99);
  }

  public double perSecond() {
    return requests * 1e9 / nanos;
  }
}
