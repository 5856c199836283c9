package sh.cinch.ingress.webhooks.publish;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import sh.cinch.service.due.Together;

/**
 * A line for each repository that is pushed to just now: what is handed in while earlier ones are
 * under way goes together with the next, so that who is fast is no further behind than who is slow.
 */
final class PushLines<T> {

  /** Of one repository in one turn. */
  private static final int MOST = 100;

  private final ConcurrentMap<UUID, Line<T>> lines = new ConcurrentHashMap<>();
  private final BiConsumer<UUID, List<T>> publish;

  private record Line<T>(Together<T> together, int users) {

    Line<T> with(int more) {
      return new Line<>(together, users + more);
    }
  }

  /**
   * @param publish some of a repository's in the order they were handed in
   */
  PushLines(BiConsumer<UUID, List<T>> publish) {
    this.publish = publish;
  }

  /** How many repositories are pushed to just now. */
  int size() {
    return lines.size();
  }

  /**
   * Blocks until it is published.
   *
   * @param handedIn told once its place in the line is taken
   */
  void publish(UUID repository, T what, Runnable handedIn) {
    Line<T> line =
        lines.compute(
            repository,
            (id, known) ->
                known == null
                    ? new Line<>(new Together<>(MOST, some -> publish.accept(id, some)), 1)
                    : known.with(1));
    try {
      line.together().write(what, handedIn);
    } finally {
      lines.computeIfPresent(repository, (id, used) -> used.users() == 1 ? null : used.with(-1));
    }
  }
}
