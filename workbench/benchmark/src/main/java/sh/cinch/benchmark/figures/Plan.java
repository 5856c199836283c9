package sh.cinch.benchmark.figures;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * How much is measured.
 *
 * @param round how long one round takes
 * @param rounds of each of those that are compared, one after the other
 * @param progress for people who wait
 */
public record Plan(Duration round, int rounds, PrintWriter progress) {

  public void tell(String line) {
    progress.println(line);
    progress.flush();
  }
}
