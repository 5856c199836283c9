package sh.cinch.ingress.web.pages;

import java.util.HashMap;
import java.util.Map;
import sh.cinch.service.http.Problem;

/** How many live pages there are: each keeps a connection, and asks the database now and then. */
final class OpenStreams {

  /** More than a browser opens to one site. */
  static final int MOST_OF_AN_ACCOUNT = 10;

  private final int most;
  private final Map<String, Integer> ofAccount = new HashMap<>();
  private int open;

  OpenStreams(int most) {
    this.most = most;
  }

  /**
   * @throws Problem 503 where there are too many; nothing is opened then
   */
  synchronized void open(String account) {
    if (open >= most || ofAccount.getOrDefault(account, 0) >= MOST_OF_AN_ACCOUNT) {
      throw new Problem(503, "Too many live pages", "Close some, or load the page again later.");
    }
    open++;
    ofAccount.merge(account, 1, Integer::sum);
  }

  synchronized void close(String account) {
    open--;
    ofAccount.computeIfPresent(account, (same, count) -> count == 1 ? null : count - 1);
  }
}
