package sh.cinch.simulator.oauth;

import java.util.LinkedHashMap;
import java.util.Map;
import sh.cinch.simulator.http.Interference;

/** What asking for a new access token came to, since the start. */
public final class RefreshLog {
  /** Whose refresh token nobody knows. */
  static final String UNKNOWN = "unknown";

  /**
   * How often the token endpoint was asked, by what came of it and by what was shown.
   *
   * @param repeated those that showed a token which was replaced, and still within its grace
   * @param reused those that showed one whose grace was over
   */
  public record Count(int requests, int granted, int refused, int repeated, int reused) {
    private static final Count NONE = new Count(0, 0, 0, 0, 0);

    private Count plus(Count other) {
      return new Count(
          requests + other.requests,
          granted + other.granted,
          refused + other.refused,
          repeated + other.repeated,
          reused + other.reused);
    }
  }

  /**
   * All of it at one moment.
   *
   * @param accounts by nickname; {@code unknown} for tokens that are nobody's
   * @param mostAtOnce how many waited for their answer at the same time, at most; an answer takes
   *     no time here, so that only under latency does this tell much
   */
  public record Summary(Map<String, Count> accounts, Count total, int mostAtOnce) {}

  /** How a refresh token stood when it was shown. */
  enum Shown {
    NOT_REPLACED,
    REPLACED,
    SPENT
  }

  private final Map<String, Count> counts = new LinkedHashMap<>();
  private int waiting;
  private int mostAtOnce;

  /** Counts what waits for its answer, whatever else comes between. */
  public Interference around(Interference next) {
    return exchange ->
        next.come(
            TokenEndpoint.isRefresh(exchange.call())
                ? new RefreshExchange(exchange, this)
                : exchange);
  }

  synchronized void came() {
    waiting++;
  }

  /** One of those that wait has its effect: a fault might have kept it from that. */
  synchronized void reached() {
    mostAtOnce = Math.max(mostAtOnce, waiting);
  }

  synchronized void went() {
    waiting--;
  }

  synchronized void count(String account, Shown shown, boolean granted) {
    var one =
        new Count(
            1,
            granted ? 1 : 0,
            granted ? 0 : 1,
            shown == Shown.REPLACED ? 1 : 0,
            shown == Shown.SPENT ? 1 : 0);
    counts.merge(account, one, Count::plus);
  }

  public synchronized Summary summary() {
    return new Summary(
        new LinkedHashMap<>(counts),
        counts.values().stream().reduce(Count.NONE, Count::plus),
        mostAtOnce);
  }
}
