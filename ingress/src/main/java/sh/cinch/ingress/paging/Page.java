package sh.cinch.ingress.paging;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param next where the next page begins; empty on the last one
 */
public record Page<T>(List<T> items, Optional<Cursor> next) {

  public Page {
    items = List.copyOf(items);
  }

  /**
   * Of rows that were read one more than wanted, to see whether there is a next page.
   *
   * @param cursor of the last item of a page
   */
  public static <T> Page<T> of(List<T> oneMore, int limit, Function<T, Cursor> cursor) {
    return oneMore.size() <= limit
        ? new Page<>(oneMore, Optional.empty())
        : new Page<>(oneMore.subList(0, limit), Optional.of(cursor.apply(oneMore.get(limit - 1))));
  }
}
