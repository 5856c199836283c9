package sh.cinch.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of ours in a process of its own, as an operator starts it. */
public final class ChildProcess implements AutoCloseable {

  /** How a process ends that SIGKILL ended: 128 and the signal's number. */
  public static final int KILLED = 137;

  /** Where what it says goes that no test reads. */
  public static final File DISCARDED = new File("/dev/null");

  private static final Path PROCESSES = Path.of("/proc");

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * @param folder its working folder
   * @param log what it says is put after what is there
   * @param options of its Java
   */
  public static ChildProcess start(
      Class<?> main, Map<String, String> environment, Path folder, File log, String... options) {
    return start(classPath(), List.of(main.getName()), environment, folder, log, List.of(options));
  }

  /**
   * @param command the main class and its arguments
   */
  public static ChildProcess start(
      String classPath,
      List<String> command,
      Map<String, String> environment,
      Path folder,
      File log,
      List<String> options) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Most end before the second compiler has paid for itself; options may say otherwise.
    java.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    java.addAll(options);
    java.addAll(List.of("-cp", classPath));
    java.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(java)
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This JVM's, seen from another folder. */
  public static String classPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGSTOP: it does nothing, and whoever waits for it learns nothing, until {@link #resume}. */
  public void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int status =
          new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
              .inheritIO()
              .start()
              .waitFor();
      if (status != 0) {
        throw new IllegalStateException("no SIG%s for process %d".formatted(name, process.pid()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How it ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** The memory it has now, in bytes; empty where the system does not say. */
  public Optional<Long> resident() {
    return number("status", "VmRSS:").map(kilobytes -> kilobytes * 1024);
  }

  /** The most memory it ever had, in bytes; empty where the system does not say. */
  public Optional<Long> peakResident() {
    return number("status", "VmHWM:").map(kilobytes -> kilobytes * 1024);
  }

  /** What it had written to disks, in bytes; empty where the system does not say. */
  public Optional<Long> writtenToDisks() {
    return number("io", "write_bytes:");
  }

  private Optional<Long> number(String file, String name) {
    Path path = PROCESSES.resolve(String.valueOf(process.pid())).resolve(file);
    if (!Files.isReadable(path)) {
      return Optional.empty();
    }
    try {
      return Files.readAllLines(path).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
