package sh.cinch.ingress.web.api;

import java.util.HashMap;
import java.util.Map;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;

/** How many calls wait for something in this instance: each keeps a connection. */
final class OpenCalls {

  static final int MOST_OF_ONE = 4;

  private final int most;
  private final Map<String, Integer> ofOne = new HashMap<>();
  private int open;

  /**
   * @param most of all callers together
   */
  OpenCalls(int most) {
    this.most = most;
  }

  /**
   * @param caller a token, or a person
   * @throws Problem 429 where they have too many, 503 where all together have; nothing is opened
   *     then
   */
  synchronized void open(String caller) {
    if (ofOne.getOrDefault(caller, 0) >= MOST_OF_ONE) {
      throw new Problem(
              429,
              "Too many open calls",
              "A token has %d open calls for pushes at most. Let one of them end first, or use a token for each runner."
                  .formatted(MOST_OF_ONE))
          .retryAfter(RetryAfter.SOON);
    }
    if (open >= most) {
      throw new Problem(503, "Too much at once", "Too many calls wait for pushes; try again soon.")
          .retryAfter(RetryAfter.SOON);
    }
    open++;
    ofOne.merge(caller, 1, Integer::sum);
  }

  synchronized void close(String caller) {
    open--;
    ofOne.computeIfPresent(caller, (same, count) -> count == 1 ? null : count - 1);
  }
}
