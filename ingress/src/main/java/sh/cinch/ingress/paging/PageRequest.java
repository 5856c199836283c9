package sh.cinch.ingress.paging;

import java.util.Optional;

/**
 * Which part of a list is asked for.
 *
 * @param limit how many items at most
 * @param cursor the {@code next} of the page before; empty for the first
 */
public record PageRequest(int limit, Optional<String> cursor) {

  /** Where nothing is said; no page shows more of a repository at once. */
  public static final int USUAL_LIMIT = 50;

  public static PageRequest first(int limit) {
    return new PageRequest(limit, Optional.empty());
  }
}
