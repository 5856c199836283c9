package sh.cinch.benchmark;

import picocli.CommandLine;
import sh.cinch.cli.terminal.Terminal;
import sh.cinch.service.ServiceProcess;

/** {@link #run} returns the exit code, only this exits. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    // Figures are what is wanted; CINCH_LOG=INFO shows what the services log.
    if (System.getenv("CINCH_LOG") == null) {
      System.setProperty("CINCH_LOG", "ERROR");
    }
    ServiceProcess.logInOneFormat();
    return command().execute(arguments);
  }

  static CommandLine command() {
    CommandLine command =
        Terminal.command(new BenchmarkCommand()).setCommandName("cinch benchmark");
    command.setExecutionExceptionHandler(
        (failure, commandLine, parsed) -> {
          if (failure instanceof IllegalStateException) {
            Terminal.failed(commandLine, failure);
            return 1;
          }
          throw failure;
        });
    return command;
  }
}
