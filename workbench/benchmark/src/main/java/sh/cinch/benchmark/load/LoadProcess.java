package sh.cinch.benchmark.load;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A process that makes requests: what it costs is not counted to what answers them. */
public final class LoadProcess implements AutoCloseable {

  /** Enough of them that the server always has something to do. */
  public static final int CONNECTIONS = 64;

  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;

  private LoadProcess(Process process) {
    this.process = process;
    this.orders =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII));
    this.answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
  }

  public static LoadProcess start() {
    try {
      return new LoadProcess(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName())
              .redirectError(Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("the process that makes requests does not start", e);
    }
  }

  /**
   * @throws IllegalStateException where anything but 2xx was answered: that is no figure
   */
  public Round run(Target target, Duration span) {
    return run(target, Pace.asFastAsCanBe(CONNECTIONS, span));
  }

  /** The same at another pace. */
  public Round run(Target target, Pace pace) {
    try {
      orders.write(
          "%d %s %d %d %d\n"
              .formatted(
                  target.port(),
                  target.file(),
                  pace.connections(),
                  pace.span().toMillis(),
                  pace.perSecond()));
      orders.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException("the process that makes requests has died");
      }
      Round round = Round.parse(answer);
      if (round.failures() > 0 || round.requests() == 0) {
        throw new IllegalStateException(
            "%d requests failed, %d were answered well"
                .formatted(round.failures(), round.requests()));
      }
      return round;
    } catch (IOException e) {
      throw new UncheckedIOException("the process that makes requests has died", e);
    }
  }

  /** It ends by itself once nobody can order anything any more, and is waited for. */
  @Override
  public void close() throws IOException {
    orders.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
