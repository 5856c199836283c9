package sh.cinch.benchmark;

import java.io.PrintWriter;
import picocli.CommandLine;
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
        new CommandLine(new BenchmarkCommand())
            .setCommandName("cinch benchmark")
            .setUsageHelpWidth(100)
            .setUsageHelpAutoWidth(true);
    command.setExecutionExceptionHandler(
        (failure, commandLine, parsed) -> {
          if (failure instanceof IllegalStateException) {
            PrintWriter err = commandLine.getErr();
            err.println("cinch: " + failure.getMessage());
            err.flush();
            return 1;
          }
          throw failure;
        });
    return command;
  }
}
