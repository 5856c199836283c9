package sh.cinch.cli.deliveries;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import sh.cinch.cli.server.PointInTime;
import sh.cinch.cli.server.Query;

/** Which deliveries of a repository are meant. */
final class DeliveryFilterOptions {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--ref",
      paramLabel = "REF",
      description = "That changed this ref: a branch's name, or in full refs/tags/v1.")
  private @Nullable String ref;

  @Option(
      names = "--outcome",
      paramLabel = "WORD",
      description = {
        "With this outcome: published, spooled (in the outbox, on its way), no-room (Bitbucket was"
            + " told to try again), held (until Bitbucket is asked), dropped, other-shape,"
            + " wrong-signature, replayed, ..."
      })
  private @Nullable String outcome;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Received since then: 2026-11-23T15:00:00Z, or 90s, 30m, 2h, 7d ago.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Received before then.")
  private @Nullable String until;

  Query query() {
    return Query.ALL
        .with("ref", ref)
        .with("outcome", outcome)
        .with("after", PointInTime.of(spec, "--since", since))
        .with("before", PointInTime.of(spec, "--until", until));
  }
}
