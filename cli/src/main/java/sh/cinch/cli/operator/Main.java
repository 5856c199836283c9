package sh.cinch.cli.operator;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import sh.cinch.cli.terminal.Terminal;

/** {@code ./cinch keyset}: only this exits. */
@Command(name = "cinch", subcommands = KeysetCommand.class)
public final class Main {

  public static void main(String[] arguments) {
    System.exit(telling(Terminal.command(new Main())).execute(arguments));
  }

  static CommandLine command(PrintWriter out, PrintWriter err) {
    return telling(Terminal.command(new Main(), out, err));
  }

  private static CommandLine telling(CommandLine command) {
    command.setExecutionExceptionHandler(
        (failure, commandLine, parsed) -> {
          if (failure instanceof IllegalStateException
              || failure instanceof IllegalArgumentException) {
            Terminal.failed(commandLine, failure);
            return 1;
          }
          throw failure;
        });
    return command;
  }
}
