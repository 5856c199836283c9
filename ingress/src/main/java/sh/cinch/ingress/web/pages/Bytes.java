package sh.cinch.ingress.web.pages;

import java.util.Locale;

/** Sizes of files, for people. */
final class Bytes {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
  private static final double STEP = 1024;

  private Bytes() {}

  /** {@code 10.0 MiB}; small ones in bytes. */
  static String text(long bytes) {
    if (bytes < STEP) {
      return bytes == 1 ? "1 byte" : bytes + " bytes";
    }
    double size = bytes / STEP;
    int unit = 0;
    // What would be rounded to 1024 of a unit is one of the next.
    while (size >= STEP - 0.05 && unit < UNITS.length - 1) {
      size /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
  }
}
