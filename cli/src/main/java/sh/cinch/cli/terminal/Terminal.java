package sh.cinch.cli.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import sh.cinch.schema.text.Visible;

/**
 * Where commands write. Whatever is printed is spelt out as {@link Visible#lines} does; colours and
 * moves of the cursor are made here alone. A text from outside is put in with {@link
 * Visible#oneLine}, so that it makes no line of its own either.
 */
public final class Terminal extends PrintWriter {

  private static final String UP_AND_CLEAR = "\033[1A\033[2K";

  private final PrintWriter to;

  private Terminal(PrintWriter to) {
    super(new Spelling(to), true);
    this.to = to;
  }

  public static Terminal of(PrintWriter writer) {
    return writer instanceof Terminal terminal ? terminal : new Terminal(writer);
  }

  /** A command that writes to this process' own output. */
  public static CommandLine command(Object command) {
    return command(
        command,
        new PrintWriter(System.out, true, System.out.charset()),
        new PrintWriter(System.err, true, System.err.charset()));
  }

  /** The same for other writers. Picocli's own colours would be spelt out, so it makes none. */
  public static CommandLine command(Object command, PrintWriter out, PrintWriter err) {
    return new CommandLine(command)
        .setOut(of(out))
        .setErr(of(err))
        .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(100)
        .setUsageHelpAutoWidth(true);
  }

  /** Why a command ended before its time. */
  public static void failed(CommandLine command, Throwable failure) {
    of(command.getErr()).styled("@|bold,red cinch:|@ %s", String.valueOf(failure.getMessage()));
  }

  /**
   * Prints a line in picocli's markup, with colours where somebody looks.
   *
   * @param markup our own, with a {@code %s} for each text
   * @param texts from anywhere
   */
  public void styled(String markup, String... texts) {
    Object[] spelt = Arrays.stream(texts).map(Visible::lines).toArray();
    to.println(Ansi.AUTO.string(markup).formatted(spelt));
    to.flush();
  }

  /** Takes the last lines away again, to be written anew. */
  public void takeBack(int lines) {
    to.print(UP_AND_CLEAR.repeat(lines));
  }

  private static final class Spelling extends Writer {

    private final Writer to;

    Spelling(Writer to) {
      this.to = to;
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      to.write(Visible.lines(new String(buffer, offset, length)));
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }
}
