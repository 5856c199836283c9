package sh.cinch.cli.deadletters;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import sh.cinch.schema.text.Visible;

/** Which dead letters are meant. */
final class FilterOptions {

  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Of this topic: build-state, or in full cinch.build-state.v1.")
  private @Nullable String topic;

  @Option(
      names = "--consumer",
      paramLabel = "SERVICE",
      description = "Given up by this one: status-worker, release-worker, ingress-copies.")
  private @Nullable String consumer;

  @Option(
      names = "--repo",
      paramLabel = "REPO",
      description = "Of this repository, as their key or value names it: acme/app, or its id.")
  private @Nullable String repository;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "With this in their reason, in small letters or capitals.")
  private @Nullable String reason;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Given up since then: 2026-11-23T15:00:00Z, or 90s, 30m, 2h, 7d ago.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Given up until then.")
  private @Nullable String until;

  Query query() {
    InstantSource clock = InstantSource.system();
    return Query.ALL
        .with("topic", topic == null || topic.contains(".") ? topic : "cinch." + topic + ".v1")
        .with("consumer", consumer)
        .with("repository", repository)
        .with("reason", reason)
        .with("since", time("--since", since, clock))
        .with("until", time("--until", until, clock));
  }

  private @Nullable String time(String option, @Nullable String text, InstantSource clock) {
    if (text == null) {
      return null;
    }
    try {
      Matcher ago = AGO.matcher(text);
      Instant time =
          ago.matches()
              ? clock.instant().minus(duration(Long.parseLong(ago.group(1)), ago.group(2)))
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
