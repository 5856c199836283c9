package sh.cinch.benchmark.stand;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of ours in a process of its own, with the options that the launcher gives it. */
public final class JavaProcess implements AutoCloseable {

  private static final int SECONDS_TO_END = 20;

  private final Process process;

  /** It asks nobody whether it is still wanted, and must not outlive this JVM. */
  private final Thread atExit = new Thread(this::end, "end");

  private JavaProcess(Process process) {
    this.process = process;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * @param environment beside what this process has
   * @param memory the most for its heap, {@code 128m}
   * @param log where what it says goes
   */
  public static JavaProcess start(
      Class<?> main, Map<String, String> environment, String memory, Redirect log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What this JVM lets libraries do, and gives back, that one does, too.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--") || argument.startsWith("-XX:TrimNativeHeap"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx" + memory, "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
    builder.environment().putAll(environment);
    builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
    try {
      return new JavaProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(main.getName() + " does not start", e);
    }
  }

  /** What it says first, where that is piped. */
  public String firstLine() {
    try {
      String line = process.inputReader(StandardCharsets.UTF_8).readLine();
      if (line == null) {
        throw new IllegalStateException("a process of the benchmark has ended at once");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("a process of the benchmark says nothing", e);
    }
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    end();
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // then it is run, and finds that it has ended
    }
  }

  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
