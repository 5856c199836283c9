package sh.cinch.benchmark;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.benchmark.deliveries.DeliveryBenchmark;
import sh.cinch.benchmark.figures.Machine;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.leases.LeaseBenchmark;
import sh.cinch.benchmark.refresh.RefreshBenchmark;
import sh.cinch.benchmark.releases.ReleaseBenchmark;
import sh.cinch.benchmark.statuses.StatusBenchmark;
import sh.cinch.benchmark.statuses.StatusPlan;
import sh.cinch.schema.event.ReleaseRequest;

/** {@code ./cinch benchmark}. */
@Command(
    name = "benchmark",
    description = {
      "Measures the services on this machine, each figure beside its limit" + " in",
      "the same run:",
      "",
      "  leases    leases a second from memory, beside a bare Vert.x handler with the same",
      "            authentication that answers JSON of the same size; one event loop each, asked",
      "            in turn by a process of its own",
      "  refresh   how long a lease takes that needs a refresh, beside the simulated Bitbucket's",
      "            own answer and a bare commit on the same PostgreSQL, and what the rest is",
      "  releases  bytes a second from a source to the simulated Bitbucket through the"
          + " release-worker,",
      "            from the request until the outcome, beside a bare Vert.x pipe over the same two",
      "            hops; and files a second of a release of 200 small ones. Rounds are counted,"
          + " not",
      "            timed",
      "  statuses  statuses a second from their topic to the simulated Bitbucket through the",
      "            status-worker, beside a bare WebClient with as many posts in flight, and where"
          + " the",
      "            time goes; the time from an event to its post beside a bare consumer that posts"
          + " at",
      "            once; and the first again with many remembered statuses",
      "  deliveries  deliveries of webhooks a second, beside a bare Vert.x handler that produces a",
      "            record of the same size: by an ingress in one JVM with everything else, and by"
          + " one",
      "            that only receives; the same at one pace for all; and what each costs",
      "  all       all of them, one after the other; what happens without an argument",
      "",
      "Ratios carry over to other machines, absolute numbers do not. Stop other programs first:",
      "the load average before the run is printed with the figures. Progress goes to standard",
      "error, figures to standard output. How to read them: docs/capacity.md.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BenchmarkCommand implements Callable<Integer> {

  private static final double LONGEST_ROUND = 3600;
  private static final int LARGEST_MIB = 100 * 1024;

  /** Which figures. */
  enum Choice {
    leases,
    refresh,
    releases,
    statuses,
    deliveries,
    all
  }

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "leases|refresh|releases|statuses|deliveries|all",
      defaultValue = "all",
      description = "Which figures. Default: ${DEFAULT-VALUE}.")
  private Choice choice;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How long one round takes; fractions are fine. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description =
          "Rounds of each of the two that are compared, after a warm-up. The median counts."
              + " Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--mib",
      paramLabel = "N",
      defaultValue = "512",
      description =
          "How large the large file of releases is. Needs twice as much room for temporary files,"
              + " and leaves nothing there. Default: ${DEFAULT-VALUE}.")
  private int mib;

  @Option(
      names = "--files",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many small files releases sends as one. Default: ${DEFAULT-VALUE}.")
  private int files;

  @Option(
      names = "--statuses",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "How many statuses are posted in a round of statuses. Default: ${DEFAULT-VALUE}.")
  private int statuses;

  @Option(
      names = "--part",
      split = ",",
      defaultValue = "throughput,delay,remembered",
      description = "What is measured of statuses: ${COMPLETION-CANDIDATES}. Default: all of it.")
  private Set<StatusPlan.Part> parts;

  @Option(
      names = "--remembered",
      paramLabel = "N",
      defaultValue = "1000000",
      description =
          "How many statuses are remembered when they are posted with others behind them. Needs"
              + " some 2 KiB each for temporary files. Default: ${DEFAULT-VALUE}.")
  private int remembered;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "256",
      description = "How many of their posts are under way together. Default: ${DEFAULT-VALUE}.")
  private int inFlight;

  @Option(
      names = "--connected",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many repositories are connected beside the 64 of deliveries that are pushed to."
              + " Needs some 2 KiB each for temporary files. Default: ${DEFAULT-VALUE}.")
  private int connected;

  @Option(names = "--json", description = "Print the figures as JSON, every round of them.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || !(seconds > 0 && seconds <= LONGEST_ROUND)) {
      throw new ParameterException(
          spec.commandLine(),
          "There must be at least one round, and a round takes more than 0 seconds and at most an"
              + " hour.");
    }
    if (mib < 1 || mib > LARGEST_MIB || files < 1 || files > ReleaseRequest.MOST_FILES) {
      throw new ParameterException(
          spec.commandLine(),
          "The large file has 1 to %d MiB, and there are 1 to %d small ones."
              .formatted(LARGEST_MIB, ReleaseRequest.MOST_FILES));
    }
    if (parts.isEmpty() || statuses < 1 || inFlight < 1 || remembered < 1) {
      throw new ParameterException(
          spec.commandLine(), "Of statuses there is at least one of everything.");
    }
    if (connected < 0) {
      throw new ParameterException(
          spec.commandLine(), "There are no fewer repositories than those that are pushed to.");
    }
    Machine machine = Machine.now();
    Plan plan =
        new Plan(
            Duration.ofMillis(Math.max(1, Math.round(seconds * 1000))),
            rounds,
            spec.commandLine().getErr());
    print(machine, measure(plan));
    return 0;
  }

  private List<Report> measure(Plan plan) throws Exception {
    List<Report> reports = new ArrayList<>();
    if (isWanted(Choice.leases)) {
      reports.add(LeaseBenchmark.run(plan));
    }
    if (isWanted(Choice.refresh)) {
      reports.add(RefreshBenchmark.run(plan));
    }
    if (isWanted(Choice.releases)) {
      reports.add(ReleaseBenchmark.run(plan, mib, files));
    }
    if (isWanted(Choice.statuses)) {
      reports.add(StatusBenchmark.run(plan, new StatusPlan(parts, statuses, inFlight, remembered)));
    }
    if (isWanted(Choice.deliveries)) {
      reports.add(DeliveryBenchmark.run(plan, connected));
    }
    return reports;
  }

  private boolean isWanted(Choice one) {
    return choice == one || choice == Choice.all;
  }

  private void print(Machine machine, List<Report> reports) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonObject all = new JsonObject().put("machine", machine.json());
      reports.forEach(report -> all.put(report.name(), report.json()));
      out.println(all.encodePrettily());
    } else {
      out.println(machine.text());
      for (Report report : reports) {
        out.println();
        out.print(report.text());
      }
    }
    out.flush();
  }
}
