package sh.cinch.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link Program} in a JVM of its own. */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static ChildJvm run(String what, Path directory) throws IOException {
    return run(List.of(), System.getProperty("java.class.path"), what, directory);
  }

  /**
   * @param wrapper a command that runs the one after it, differently
   */
  static ChildJvm run(List<String> wrapper, String classPath, String what, Path directory)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + directory,
            "-cp",
            classPath,
            Program.class.getName(),
            what,
            directory.toString()));
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  long pid() {
    return process.pid();
  }

  /** Reads on until the program says this, and returns all it said before. */
  List<String> awaitLine(String awaited) throws IOException {
    List<String> before = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(awaited)) {
        return before;
      }
      before.add(line);
    }
    throw new IOException("The program ended without saying \"" + awaited + "\": " + before);
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("The program does not end on SIGTERM");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
