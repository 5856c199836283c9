package sh.cinch.cli.deadletters;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import sh.cinch.cli.server.PointInTime;
import sh.cinch.cli.server.Query;

/** Which dead letters are meant. */
final class FilterOptions {

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
    return Query.ALL
        .with("topic", topic == null || topic.contains(".") ? topic : "cinch." + topic + ".v1")
        .with("consumer", consumer)
        .with("repository", repository)
        .with("reason", reason)
        .with("since", PointInTime.of(spec, "--since", since))
        .with("until", PointInTime.of(spec, "--until", until));
  }
}
