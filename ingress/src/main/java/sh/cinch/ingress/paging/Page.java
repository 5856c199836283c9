package sh.cinch.ingress.paging;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list, as the API shows it too.
 *
 * @param next the cursor of the page after it; empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> next) {

  public Page {
    items = List.copyOf(items);
  }

  public <U> Page<U> map(Function<T, U> view) {
    return new Page<>(items.stream().map(view).toList(), next);
  }
}
