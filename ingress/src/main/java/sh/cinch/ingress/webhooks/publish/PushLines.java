package sh.cinch.ingress.webhooks.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;

/**
 * A line for each repository that is pushed to just now: what is handed in while earlier ones are
 * under way goes together with the next, so that who is fast is no further behind than who is slow.
 * Nobody waits in a line but what is handed in.
 */
final class PushLines<T> {

  /** Of one repository in one turn. */
  private static final int MOST = 100;

  /** How a turn is published. */
  @FunctionalInterface
  interface Way<T> {

    /**
     * @param some of a repository's, in the order they were handed in
     * @param over to be told once, by any thread, when what comes behind them may go
     */
    void publish(UUID repository, List<T> some, Runnable over);
  }

  private final Way<T> way;

  /** What waits behind those that are under way. */
  private final Map<UUID, Queue<T>> lines = new HashMap<>();

  PushLines(Way<T> way) {
    this.way = way;
  }

  /** How many repositories are pushed to just now. */
  int size() {
    synchronized (lines) {
      return lines.size();
    }
  }

  /** Never blocks where the way does not: it goes at once where it is alone. */
  void add(UUID repository, T what) {
    Queue<T> mine = new ArrayDeque<>(1);
    synchronized (lines) {
      Queue<T> line = lines.putIfAbsent(repository, mine);
      if (line != null) {
        line.add(what);
        return;
      }
    }
    go(repository, mine, List.of(what));
  }

  private void go(UUID repository, Queue<T> line, List<T> some) {
    way.publish(repository, some, () -> over(repository, line));
  }

  private void over(UUID repository, Queue<T> line) {
    List<T> next = new ArrayList<>();
    synchronized (lines) {
      while (!line.isEmpty() && next.size() < MOST) {
        next.add(line.remove());
      }
      if (next.isEmpty()) {
        lines.remove(repository);
        return;
      }
    }
    go(repository, line, next);
  }
}
