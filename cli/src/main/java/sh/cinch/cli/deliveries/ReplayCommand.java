package sh.cinch.cli.deliveries;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;

/** {@code cinch deliveries replay}. */
@Command(
    name = "replay",
    description = {
      "Publishes once more what deliveries brought, from their bodies, as long as those are kept.",
      "",
      "By id, or those of a repository that the options mean, in the order in which they came. The"
          + " events have the ids they had, so that who has seen them knows them again; with"
          + " --again they are new ones, to be built anew, which name the old. What Cinch could not"
          + " publish or read then, it may now.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Exit codes: 0 all replayed, 1 refused, or some are left, 2 not understood."})
final class ReplayCommand implements Callable<Integer> {

  /** More at once is no slip of the finger, but nearly. */
  private static final int MOST = 1_000;

  private static final int REFUSED = 401;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "Their ids, as cinch deliveries list prints them; or options that say which.")
  private @Nullable List<String> ids;

  @Option(
      names = "--repo",
      paramLabel = "REPO",
      description = "Those of this repository, acme/app or its id, that the next options mean.")
  private @Nullable String repository;

  @Mixin private DeliveryFilterOptions filter = new DeliveryFilterOptions();

  @Option(names = "--all", description = "All that are kept, at most 1,000.")
  private boolean all;

  @Option(names = "--again", description = "As new events, to be built anew.")
  private boolean again;

  @Option(names = "--yes", description = "Yes, all that the options mean.")
  private boolean yes;

  @Option(names = "--json", description = "Print what became of them as JSON, for scripts.")
  private boolean json;

  @Mixin private ServerOptions server;

  @Override
  public Integer call() {
    List<String> named = ids == null ? List.of() : ids;
    requireClear(named);
    var calls = new DeliveryCalls(server.server());
    List<String> meant = named.isEmpty() ? confirmed(calls) : named;
    int count = 0;
    List<DeliveryCalls.Left> left = new ArrayList<>();
    Optional<String> stopped = Optional.empty();
    try {
      for (String id : meant) {
        Optional<DeliveryCalls.Left> one = calls.replay(id, again);
        one.ifPresent(left::add);
        count += one.isEmpty() ? 1 : 0;
      }
    } catch (Refusal refusal) {
      stopped = Optional.of(String.valueOf(refusal.getMessage()));
    }
    print(count, left, stopped);
    return left.isEmpty() && stopped.isEmpty() ? 0 : 1;
  }

  private void requireClear(List<String> named) {
    if (named.isEmpty() == (repository == null)) {
      throw wrong(
          named.isEmpty()
              ? "Say which: name ids, or a repository with --repo."
              : "Name ids, or a repository with --repo: not both.");
    }
    boolean isByFilter = !filter.query().isOfAll();
    if (!named.isEmpty() && (isByFilter || all)) {
      throw wrong("Ids are named: the other options are for --repo.");
    }
    if (named.isEmpty() && isByFilter == all) {
      throw wrong(
          all
              ? "--all means all of them: leave away what says which."
              : "Say which: --ref, --outcome, --since, --until, or --all.");
    }
  }

  /** Oldest first: what Cinch brought itself, and what it refused, cannot be replayed. */
  private List<String> confirmed(DeliveryCalls calls) {
    DeliveryCalls.Listed listed = calls.list(String.valueOf(repository), filter.query(), MOST + 1);
    List<String> meant =
        listed.deliveries().stream()
            .filter(delivery -> !delivery.has("askedBy"))
            .filter(delivery -> delivery.path("answer").asInt() != REFUSED)
            .map(delivery -> delivery.path("id").asText())
            .toList()
            .reversed();
    if (listed.deliveries().size() > MOST) {
      throw new Refusal(
          "That is more than %,d deliveries: say which with --since and --until.".formatted(MOST));
    }
    if (meant.size() > 1 && !yes) {
      throw new Refusal(
          ("That is %d deliveries. Look at them with cinch deliveries list, and add --yes to replay"
                  + " them all.")
              .formatted(meant.size()));
    }
    return meant;
  }

  private void print(int count, List<DeliveryCalls.Left> left, Optional<String> stopped) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (json) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode().put("replayed", count);
      left.forEach(
          one ->
              answer.withArray("left").addObject().put("id", one.id()).put("reason", one.reason()));
      stopped.ifPresent(why -> answer.put("stopped", why));
      out.println(Json.pretty((JsonNode) answer));
    } else {
      out.printf("%d replayed%n", count);
      left.forEach(
          one ->
              err.printf(
                  "not replayed: %s: %s%n",
                  DeliveryText.shown(one.id()), DeliveryText.shown(one.reason())));
    }
    stopped.ifPresent(
        why -> err.printf("The others were not tried: %s%n", DeliveryText.shown(why)));
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
