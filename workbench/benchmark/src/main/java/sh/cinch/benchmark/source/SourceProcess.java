package sh.cinch.benchmark.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that files are fetched from: what it costs is not counted to what fetches them. */
public final class SourceProcess implements AutoCloseable {

  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;
  private final int port;

  private SourceProcess(Process process) throws IOException {
    this.process = process;
    this.orders = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
    this.answers =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    this.port = (int) number();
  }

  public static SourceProcess start() {
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // What this JVM lets libraries do, that one does, too.
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(argument -> argument.startsWith("--"))
          .forEach(command::add);
      command.addAll(
          List.of(
              "-Xmx128m",
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName()));
      return new SourceProcess(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException("the process that files come from does not start", e);
    }
  }

  /** In the ingress' place. */
  public URI url() {
    return URI.create("http://localhost:" + port);
  }

  /** From the first request since the last call of this until the last byte was taken. */
  public long nanos() {
    try {
      orders.write("\n");
      orders.flush();
      return number();
    } catch (IOException e) {
      throw new UncheckedIOException("the process that files come from has died", e);
    }
  }

  private long number() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new IllegalStateException("the process that files come from has died");
    }
    return Long.parseLong(answer);
  }

  /** It ends by itself once nobody can ask it anything any more, and is waited for. */
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
