package sh.cinch.local;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sh.cinch.local.stack.Addresses;
import sh.cinch.local.stack.Stack;
import sh.cinch.local.stack.StackOptions;
import sh.cinch.service.exit.Stopping;

/** {@code ./cinch up}. */
@Command(
    name = "up",
    description = {
      "Starts the whole stack on this machine and leaves it running until Ctrl-C: a Kafka broker,"
          + " a",
      "PostgreSQL, the services, and with --simulator a Bitbucket on localhost. Its data is kept"
          + " in",
      ".cinch/, its addresses and passwords are written to .cinch/stack.json. All of it listens on",
      "this machine alone; CINCH_HOST and CINCH_MANAGEMENT_HOST say otherwise.",
      "",
      "Without --simulator it talks to the real Bitbucket: set CINCH_BITBUCKET_CLIENT_ID and",
      "CINCH_BITBUCKET_CLIENT_SECRET to those of your OAuth client, and CINCH_BASE_URL to the"
          + " public",
      "address under which Bitbucket reaches this machine.",
      "",
      "CINCH_SERVERS=containers takes Kafka and PostgreSQL from Docker instead.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpCommand implements Callable<Integer> {

  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(30);

  /** With the servers, which may take as long once more. */
  private static final Duration TO_STOP = Duration.ofSeconds(90);

  @Spec private CommandSpec spec;

  @Option(names = "--simulator", description = "A simulated Bitbucket instead of the real one.")
  private boolean simulator;

  @Option(names = "--fresh", description = "Forget everything an earlier stack left in .cinch/.")
  private boolean fresh;

  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      defaultValue = ".cinch",
      description = "Where data and addresses are kept. Default: ${DEFAULT-VALUE}.")
  private Path home;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Stopping stopping = new Stopping(TO_STOP);
        Stack stack =
            Stack.start(
                new StackOptions(
                    home,
                    fresh,
                    simulator,
                    true,
                    System.getenv(),
                    TIME_TO_FINISH,
                    line -> println(out, "  " + line)))) {
      print(out, stack.addresses());
      stopping.await();
      println(out, "Stopping …");
    }
    return 0;
  }

  private void print(PrintWriter out, Addresses addresses) {
    println(out, "");
    println(out, "Cinch           " + addresses.ingress());
    addresses
        .simulator()
        .ifPresent(
            url -> {
              println(out, "Bitbucket       " + url + "   (simulated)");
            });
    println(out, "Kafka           " + addresses.kafka().bootstrapServers());
    println(out, "PostgreSQL      " + addresses.database().url());
    println(out, "API             " + addresses.ingress() + "/api/v1/openapi.json");
    println(out, "Written to      " + home.resolve("stack.json") + ", with the passwords");
    println(out, "");
    println(out, "Running until Ctrl-C.");
  }

  private static void println(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
