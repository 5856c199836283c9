package sh.cinch.cli.operator;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./cinch keyset}: {@link #run} returns the exit code, only this exits. */
@Command(name = "cinch", subcommands = KeysetCommand.class)
public final class Main {

  public static void main(String[] arguments) {
    System.exit(command().execute(arguments));
  }

  static CommandLine command() {
    CommandLine command =
        new CommandLine(new Main()).setUsageHelpWidth(100).setUsageHelpAutoWidth(true);
    command.setExecutionExceptionHandler(
        (failure, commandLine, parsed) -> {
          if (failure instanceof IllegalStateException
              || failure instanceof IllegalArgumentException) {
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
