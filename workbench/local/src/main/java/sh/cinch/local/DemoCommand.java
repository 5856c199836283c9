package sh.cinch.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sh.cinch.cli.terminal.Terminal;
import sh.cinch.local.demo.Demo;
import sh.cinch.local.stack.Folder;
import sh.cinch.local.stack.Stack;
import sh.cinch.local.stack.StackOptions;
import sh.cinch.service.exit.Stopping;

/** {@code ./cinch demo}. */
@Command(
    name = "demo",
    description = {
      "Shows the main job on this machine: a real broker, a real database, the real services and a",
      "simulated Bitbucket. Connects a repository through the OAuth pages, pushes three refs at"
          + " once,",
      "reports builds as a runner would, releases two files, and checks each step from Bitbucket's"
          + " side.",
      "",
      "Exit code 0 only if every step was as it should be.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DemoCommand implements Callable<Integer> {

  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(30);

  /** With the servers, which may take as long once more. */
  private static final Duration TO_STOP = Duration.ofSeconds(90);

  @Spec private CommandSpec spec;

  @Option(names = "--keep", description = "Leave everything running afterwards, until Ctrl-C.")
  private boolean keep;

  @Override
  public Integer call() throws IOException {
    Terminal out = Terminal.of(spec.commandLine().getOut());
    Path home = Files.createTempDirectory("cinch-demo-");
    try (Stopping stopping = new Stopping(TO_STOP)) {
      out.styled(
          "@|bold Cinch for Bitbucket|@: from a push to a green commit and a release, on this"
              + " machine");
      out.println();
      out.flush();
      boolean held;
      try (Stack stack = Stack.start(options(home, out))) {
        held = new Demo(stack.addresses(), stack.file(), out).run();
        if (keep && held) {
          out.println();
          out.println("Running until Ctrl-C (its data goes with it).");
          out.flush();
          stopping.await();
        }
      }
      Folder.delete(home);
      return held ? 0 : 1;
    }
  }

  private static StackOptions options(Path home, PrintWriter out) {
    return new StackOptions(
        home,
        true,
        true,
        true,
        System.getenv(),
        TIME_TO_FINISH,
        line -> {
          out.println("   " + line);
          out.flush();
        });
  }
}
