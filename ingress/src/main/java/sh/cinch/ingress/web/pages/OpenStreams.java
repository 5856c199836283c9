package sh.cinch.ingress.web.pages;

import java.util.HashMap;
import java.util.Map;
import sh.cinch.service.http.Problem;

/** How many live pages there are: each keeps a connection, and asks the database now and then. */
final class OpenStreams {

  /** More than a browser opens to one site. */
  static final int MOST_OF_A_SESSION = 10;

  private final int most;
  private final Map<Object, Integer> ofSession = new HashMap<>();
  private int open;

  OpenStreams(int most) {
    this.most = most;
  }

  /**
   * @throws Problem 503 where there are too many; nothing is opened then
   */
  synchronized void open(Object session) {
    if (open >= most || ofSession.getOrDefault(session, 0) >= MOST_OF_A_SESSION) {
      throw new Problem(503, "Too many live pages", "Close some, or load the page again later.");
    }
    open++;
    ofSession.merge(session, 1, Integer::sum);
  }

  synchronized void close(Object session) {
    open--;
    ofSession.computeIfPresent(session, (same, count) -> count == 1 ? null : count - 1);
  }
}
