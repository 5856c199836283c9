package sh.cinch.releaseworker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A release-worker in a process of its own, as an operator would start it. */
final class Child implements AutoCloseable {

  private static final Path PROCESSES = Path.of("/proc");

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  /**
   * @param folder its working folder
   * @param log what it says is put after what is there
   * @param options of its Java
   */
  static Child start(Stack stack, Path folder, Path log, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath(), Main.class.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder
        .environment()
        .putAll(
            Map.ofEntries(
                Map.entry("CINCH_MANAGEMENT_PORT", "0"),
                Map.entry("CINCH_KAFKA", stack.config.kafka().bootstrapServers()),
                Map.entry("CINCH_DATABASE_URL", stack.config.database().url()),
                Map.entry("CINCH_DATABASE_USER", stack.config.database().user()),
                Map.entry("CINCH_TOKEN_SERVICE_URL", stack.lender.url().toString()),
                Map.entry("CINCH_SERVICE_SECRET", FakeTokenService.SECRET),
                Map.entry("CINCH_INGRESS_URL", stack.shelf.url().toString()),
                Map.entry("CINCH_BITBUCKET_API_URL", stack.simulator.url().toString()),
                Map.entry("CINCH_RELEASE_UPLOADS", String.valueOf(Stack.UPLOADS))));
    try {
      return new Child(builder.start());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Seen from another folder. */
  private static String classPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** How it ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** The most memory it ever had, in bytes; empty where the system does not say. */
  Optional<Long> peakResident() {
    return number("status", "VmHWM:").map(kilobytes -> kilobytes * 1024);
  }

  /** What it had written to disks, in bytes; empty where the system does not say. */
  Optional<Long> writtenToDisks() {
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
      throw new IllegalStateException(e);
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
