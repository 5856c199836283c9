package sh.cinch.service.text;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.text.Visible;

/**
 * An exception below the line that tells of it: every line of it is indented, and what its message
 * has is spelt out. Takes the place of {@code %ex} in the layout.
 */
public final class LogException extends ThrowableProxyConverter {

  @Override
  protected String throwableProxyToString(IThrowableProxy thrown) {
    return super.throwableProxyToString(new Spelt(thrown))
        .lines()
        .map(line -> line.startsWith("\t") ? line : "\t" + line)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private record Spelt(IThrowableProxy thrown) implements IThrowableProxy {

    private static @Nullable IThrowableProxy of(@Nullable IThrowableProxy thrown) {
      return thrown == null ? null : new Spelt(thrown);
    }

    @Override
    public @Nullable String getMessage() {
      return thrown.getMessage() == null ? null : Visible.oneLine(thrown.getMessage());
    }

    @Override
    public String getClassName() {
      return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
      return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
      return thrown.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
      return of(thrown.getCause());
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
      return Arrays.stream(thrown.getSuppressed()).map(Spelt::new).toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
      return thrown.isCyclic();
    }
  }
}
