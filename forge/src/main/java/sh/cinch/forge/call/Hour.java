package sh.cinch.forge.call;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Requests of an hour, by the minute; a minute's place is used again an hour later.
 *
 * @param newest the last of the minutes, since the epoch
 * @param counts one for each of the 60 minutes
 */
record Hour(long newest, List<Integer> counts) {

  static final int MINUTES = 60;
  static final Hour EMPTY = new Hour(0, Collections.nCopies(MINUTES, 0));

  Hour {
    counts = List.copyOf(counts);
  }

  /**
   * The hour that ends with this minute; where the one after is known, as another instance may,
   * with that. Later ones are of a clock that was wrong: nothing of such an hour counts.
   */
  Hour at(long minute) {
    if (newest > minute + 1) {
      return EMPTY.at(minute);
    }
    List<Integer> still = new ArrayList<>(counts);
    for (long each = Math.max(newest + 1, minute - MINUTES + 1); each <= minute; each++) {
      still.set(place(each), 0);
    }
    return new Hour(Math.max(newest, minute), still);
  }

  Hour plusOne() {
    List<Integer> more = new ArrayList<>(counts);
    more.set(place(newest), more.get(place(newest)) + 1);
    return new Hour(newest, more);
  }

  int sum() {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }

  /** Of what is known now, what counts in a minute to come. */
  int sumAt(long minute) {
    return minute <= newest ? sum() : at(minute).sum();
  }

  private static int place(long minute) {
    return (int) Math.floorMod(minute, (long) MINUTES);
  }
}
