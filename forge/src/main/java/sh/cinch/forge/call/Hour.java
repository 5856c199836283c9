package sh.cinch.forge.call;

import java.util.Arrays;

/**
 * Requests of an hour, by the minute; a minute's place is used again an hour later.
 *
 * @param newest the last of the minutes, since the epoch
 * @param counts one for each of the 60 minutes
 */
record Hour(long newest, int[] counts) {

  static final int MINUTES = 60;
  static final Hour EMPTY = new Hour(0, new int[MINUTES]);

  /** The hour that ends with this minute; where a later one is known, with that. */
  Hour at(long minute) {
    int[] still = counts.clone();
    for (long each = Math.max(newest + 1, minute - MINUTES + 1); each <= minute; each++) {
      still[place(each)] = 0;
    }
    return new Hour(Math.max(newest, minute), still);
  }

  Hour plusOne() {
    int[] more = counts.clone();
    more[place(newest)]++;
    return new Hour(newest, more);
  }

  int sum() {
    return Arrays.stream(counts).sum();
  }

  /** The minute from which on its first requests do not count any more. */
  long lessFrom() {
    long oldest = newest - MINUTES + 1;
    while (oldest < newest && counts[place(oldest)] == 0) {
      oldest++;
    }
    return oldest + MINUTES;
  }

  private static int place(long minute) {
    return (int) Math.floorMod(minute, (long) MINUTES);
  }
}
