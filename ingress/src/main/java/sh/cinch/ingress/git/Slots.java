package sh.cinch.ingress.git;

import java.util.HashMap;
import java.util.Map;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;

/** How many requests are under way: each keeps two connections, perhaps for long. */
final class Slots {

  private final int most;
  private final int mostOfOne;
  private final Map<String, Integer> ofOne = new HashMap<>();
  private int taken;

  Slots(GitSettings settings) {
    this.most = settings.atOnce();
    this.mostOfOne = settings.atOnceOfToken();
  }

  /** To be closed once, when the request is over. */
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param token told from others by this
   * @throws Problem 429 where it has too many, 503 where all together have
   */
  synchronized Slot take(String token) {
    if (ofOne.getOrDefault(token, 0) >= mostOfOne) {
      throw new Problem(
              429,
              "Too many at once",
              "This token fetches %d times at once already. Let one of them end first, or use a token for each runner."
                  .formatted(mostOfOne))
          .retryAfter(RetryAfter.SOON);
    }
    if (taken >= most) {
      throw new Problem(503, "Too much at once", "Too many fetches are under way; try again soon.")
          .retryAfter(RetryAfter.SOON);
    }
    taken++;
    ofOne.merge(token, 1, Integer::sum);
    return () -> give(token);
  }

  private synchronized void give(String token) {
    taken--;
    ofOne.computeIfPresent(token, (same, count) -> count == 1 ? null : count - 1);
  }

  synchronized int taken() {
    return taken;
  }
}
