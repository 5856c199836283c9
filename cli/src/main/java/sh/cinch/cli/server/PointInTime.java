package sh.cinch.cli.server;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import sh.cinch.schema.text.Visible;

/** A time as people give it: {@code 2026-11-23T15:00:00Z}, or {@code 2h} ago. */
public final class PointInTime {

  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

  private PointInTime() {}

  /**
   * @param text null where it is not given
   * @return as Cinch's API takes it
   * @throws ParameterException where it is no time
   */
  public static @Nullable String of(CommandSpec spec, String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      Matcher ago = AGO.matcher(text);
      Instant time =
          ago.matches()
              ? Instant.now().minus(duration(Long.parseLong(ago.group(1)), ago.group(2)))
              : OffsetDateTime.parse(text).toInstant();
      return time.toString();
    } catch (DateTimeException e) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is '%s': a time such as 2026-11-23T15:00:00Z is expected, or 30m, 2h, 7d."
              .formatted(option, Visible.oneLine(text)));
    }
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
