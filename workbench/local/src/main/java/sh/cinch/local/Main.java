package sh.cinch.local;

import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import sh.cinch.cli.terminal.Terminal;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.exit.LastResort;

/**
 * {@code ./cinch demo} and {@code ./cinch up}: {@link #run} returns the exit code, only this exits.
 */
@Command(
    name = "cinch",
    subcommands = {DemoCommand.class, UpCommand.class})
public final class Main {

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    // What happens is told in other words here; CINCH_LOG=INFO shows what the services log.
    if (System.getenv("CINCH_LOG") == null) {
      System.setProperty("CINCH_LOG", "WARN");
    }
    ServiceProcess.logInOneFormat();
    LastResort.guard(LoggerFactory.getLogger(Main.class));
    Long launcher = Long.getLong("cinch.launcher");
    if (launcher != null) {
      LastResort.endWith(launcher);
    }
    return command().execute(arguments);
  }

  static CommandLine command() {
    CommandLine command = Terminal.command(new Main());
    command.setExecutionExceptionHandler(
        (failure, commandLine, parsed) -> {
          if (failure instanceof ConfigurationException
              || failure instanceof IllegalStateException
              || failure instanceof IllegalArgumentException) {
            Terminal.failed(commandLine, failure);
            return 1;
          }
          throw failure;
        });
    return command;
  }
}
