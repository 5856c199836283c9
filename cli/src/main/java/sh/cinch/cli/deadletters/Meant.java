package sh.cinch.cli.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import sh.cinch.cli.server.Query;
import sh.cinch.cli.server.Refusal;

/** Which dead letters something is to be done about: by their ids, or by a filter. */
final class Meant {

  /** How many are counted for the question. */
  private static final int COUNTED = 200;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "Their ids, as cinch dead-letters list prints them; or options that say which.")
  private @Nullable List<String> ids;

  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(names = "--yes", description = "Yes, all that the options mean, however many.")
  private boolean yes;

  List<String> ids() {
    List<String> named = ids == null ? List.of() : ids;
    boolean isByFilter = !filter.query().isOfAll();
    if (named.isEmpty() != isByFilter) {
      throw new ParameterException(
          spec.commandLine(),
          isByFilter
              ? "Name ids, or say which by options: not both."
              : "Say which: name ids, or use --topic, --consumer, --repo, --reason, --since,"
                  + " --until.");
    }
    return named;
  }

  /**
   * Those that are open now, and not what comes while they are seen to: a replay may be dead again.
   *
   * @param what is to be done about them
   * @throws Refusal where they are several, and nobody said yes
   */
  Found confirmed(DeadLetterCalls calls, String what) {
    Query query = filter.query();
    DeadLetterCalls.Listed listed = calls.list(query.with("state", "open"), COUNTED);
    List<JsonNode> open = listed.letters();
    if (open.size() > 1 && !yes) {
      throw new Refusal(
          ("That is %s%d dead letters. Look at them with cinch dead-letters list, and add --yes to"
                  + " %s them all.")
              .formatted(listed.isAll() ? "" : "more than ", open.size(), what));
    }
    return new Found(
        open.isEmpty(),
        open.isEmpty() ? query : query.with("until", open.getFirst().path("at").asText()));
  }

  /**
   * @param query names them
   */
  record Found(boolean isNone, Query query) {}
}
