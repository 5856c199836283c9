package sh.cinch.ingress.paging;

import java.util.Optional;

/**
 * Which part of a list is asked for.
 *
 * @param limit how many items at most
 * @param cursor the {@code next} of the page before; empty for the first
 * @param bytes a page ends where the texts of its rows come to this much, however few they are
 */
public record PageRequest(int limit, Optional<String> cursor, int bytes) {

  /** A page of usual items never comes near it. */
  public static final int MOST_BYTES = 512 * 1024;

  /** Where nothing is said; no page shows more of a repository at once. */
  public static final int USUAL_LIMIT = 50;

  public PageRequest(int limit, Optional<String> cursor) {
    this(limit, cursor, MOST_BYTES);
  }

  public static PageRequest first(int limit) {
    return new PageRequest(limit, Optional.empty());
  }

  public PageRequest within(int fewerBytes) {
    return new PageRequest(limit, cursor, fewerBytes);
  }
}
