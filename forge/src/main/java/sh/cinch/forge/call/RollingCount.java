package sh.cinch.forge.call;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Requests of a rolling window, by equal parts of it, such as an hour's minutes; a part's place is
 * used again a window later.
 *
 * @param newest the last of the parts, since the epoch
 * @param counts one for each part
 */
record RollingCount(long newest, List<Integer> counts) {

  RollingCount {
    counts = List.copyOf(counts);
  }

  static RollingCount empty(int parts) {
    return new RollingCount(0, Collections.nCopies(parts, 0));
  }

  /**
   * The window that ends with this part; where a later one is known, as an instance whose clock is
   * ahead may, with that. Of a whole window later only a wrong clock can know: nothing of it
   * counts.
   */
  RollingCount at(long part) {
    if (newest >= part + counts.size()) {
      return empty(counts.size()).at(part);
    }
    List<Integer> still = new ArrayList<>(counts);
    for (long each = Math.max(newest + 1, part - counts.size() + 1); each <= part; each++) {
      still.set(place(each), 0);
    }
    return new RollingCount(Math.max(newest, part), still);
  }

  /** More in the newest part. */
  RollingCount plus(int requests) {
    return with(newest, requests);
  }

  /** Fewer in a part, as far as it still counts and had any. */
  RollingCount minus(long part, int requests) {
    return part > newest || part <= newest - counts.size()
        ? this
        : with(part, -Math.min(requests, counts.get(place(part))));
  }

  private RollingCount with(long part, int more) {
    List<Integer> changed = new ArrayList<>(counts);
    changed.set(place(part), changed.get(place(part)) + more);
    return new RollingCount(newest, changed);
  }

  int sum() {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  /** Of what is known now, what counts in a part to come. */
  int sumAt(long part) {
    return part <= newest ? sum() : at(part).sum();
  }

  private int place(long part) {
    return (int) Math.floorMod(part, (long) counts.size());
  }
}
