package sh.cinch.cli.release;

import java.time.Duration;
import java.util.Locale;

/** How things are written for people. */
final class Text {

  private Text() {}

  static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double amount = bytes;
    for (String unit : new String[] {"KiB", "MiB", "GiB"}) {
      amount /= 1024;
      if (amount < 1023.95 || unit.equals("GiB")) {
        return String.format(Locale.ROOT, "%.1f %s", amount, unit);
      }
    }
    throw new AssertionError("GiB is the last");
  }

  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 1
        ? duration.toMillis() + " ms"
        : seconds < 60
            ? seconds + " s"
            : seconds < 3600
                ? "%d min%s".formatted(seconds / 60, rest(seconds % 60, "s"))
                : "%d h%s".formatted(seconds / 3600, rest(seconds % 3600 / 60, "min"));
  }

  private static String rest(long amount, String unit) {
    return amount == 0 ? "" : " " + amount + " " + unit;
  }
}
