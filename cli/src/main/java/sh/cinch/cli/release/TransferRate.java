package sh.cinch.cli.release;

import java.time.Duration;

/**
 * How fast something gets on.
 *
 * @param begun what was there at the start, in bytes
 * @param since the start
 */
record TransferRate(long begun, long total, Duration since) {

  int percent(long done) {
    return total == 0 ? 100 : (int) (done * 100 / total);
  }

  /** Such as {@code 41%, 4.1 of 10.0 MiB, 2.0 MiB/s, 3 s left}. */
  String at(long done, Duration elapsed) {
    double seconds = elapsed.minus(since).toNanos() / 1e9;
    long moved = done - begun;
    String text = "%3d%%  %s of %s".formatted(percent(done), Text.bytes(done), Text.bytes(total));
    if (moved <= 0 || seconds < 0.5) {
      return text;
    }
    double rate = moved / seconds;
    Duration left = Duration.ofSeconds(Math.round((total - done) / rate));
    return text
        + "  %s/s".formatted(Text.bytes((long) rate))
        + (done < total
            ? "  " + Text.duration(left.plusSeconds(left.isZero() ? 1 : 0)) + " left"
            : "");
  }
}
