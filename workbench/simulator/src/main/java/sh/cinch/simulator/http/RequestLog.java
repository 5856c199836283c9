package sh.cinch.simulator.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Counts the requests that the imitated Bitbucket has seen, since it started. */
public final class RequestLog {
  /** The status of a call whose connection was cut, or that still waits. */
  public static final int NO_ANSWER = 0;

  /**
   * What requests are told apart by.
   *
   * @param account who called, by nickname; {@code anonymous} without a credential that is known
   */
  public record Kind(String method, String route, String account, int status) {}

  private record Entry(String path, Kind kind) {}

  private final Function<Call, String> accounts;
  private final Map<Entry, Integer> counts = new LinkedHashMap<>();

  public RequestLog(Function<Call, String> accounts) {
    this.accounts = accounts;
  }

  String account(Call call) {
    return accounts.apply(call);
  }

  synchronized void count(Call call, String account, int status) {
    var kind = new Kind(call.method(), call.route(), account, status);
    counts.merge(new Entry(call.path(), kind), 1, Integer::sum);
  }

  /** How often each kind of request came to the paths that are asked for. */
  public synchronized Map<Kind, Integer> counts(Predicate<String> path) {
    var sums = new LinkedHashMap<Kind, Integer>();
    counts.forEach(
        (entry, count) -> {
          if (path.test(entry.path())) {
            sums.merge(entry.kind(), count, Integer::sum);
          }
        });
    return sums;
  }
}
