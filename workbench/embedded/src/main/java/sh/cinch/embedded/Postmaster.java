package sh.cinch.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the {@code postmaster.pid} in a data directory says about who runs on that directory. */
sealed interface Postmaster {

  /** INT: connections are dropped, data is written. */
  Duration FAST = Duration.ofSeconds(30);

  /** QUIT: the next start recovers from the log. */
  Duration IMMEDIATE = Duration.ofSeconds(10);

  /** Nobody, and no file. */
  record Absent() implements Postmaster {}

  /** A file left behind: its process is gone, or its number now belongs to something else. */
  record Gone(Path pidFile) implements Postmaster {}

  /** A PostgreSQL that runs on exactly this directory. */
  record Running(ProcessHandle process, Path pidFile) implements Postmaster {}

  /** A PostgreSQL that was started where this directory lay before, or was copied from. */
  record Elsewhere(ProcessHandle process, String directory) implements Postmaster {}

  static Postmaster of(Path data) {
    Path pidFile = data.resolve("postmaster.pid");
    List<String> lines = read(pidFile);
    if (lines.isEmpty()) {
      return Files.exists(pidFile) ? new Gone(pidFile) : new Absent();
    }
    Optional<ProcessHandle> process = process(lines.getFirst());
    Optional<String> directory = process.flatMap(Postmaster::dataDirectory);
    if (process.isEmpty() || directory.isEmpty()) {
      return new Gone(pidFile);
    }
    if (isSame(directory.get(), data)) {
      return new Running(process.get(), pidFile);
    }
    return lines.size() > 1 && directory.get().equals(lines.get(1))
        ? new Elsewhere(process.get(), directory.get())
        : new Gone(pidFile);
  }

  /**
   * Makes the directory free for a new server: stops the one that runs on it and no other.
   *
   * @throws IllegalStateException if it cannot be told whose directory it is
   */
  static void evict(Path data) {
    switch (of(data)) {
      case Absent() -> {}
      case Gone(Path pidFile) -> delete(pidFile);
      case Running(ProcessHandle process, Path pidFile) -> stop(process, pidFile);
      case Elsewhere(ProcessHandle process, String directory) ->
          throw new IllegalStateException(
              """
              %s was moved or copied while PostgreSQL (process %d) ran on it as %s. Stop that \
              process, or, if this is a copy, delete its postmaster.pid.\
              """
                  .formatted(data, process.pid(), directory));
    }
  }

  private static List<String> read(Path pidFile) {
    try {
      return Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + pidFile, e);
    }
  }

  private static Optional<ProcessHandle> process(String pid) {
    try {
      return ProcessHandle.of(Long.parseLong(pid.strip()));
    } catch (NumberFormatException halfWritten) {
      return Optional.empty();
    }
  }

  /** The argument of {@code -D} in the process's command line. */
  private static Optional<String> dataDirectory(ProcessHandle process) {
    List<String> arguments = process.info().arguments().map(Arrays::asList).orElse(List.of());
    int option = arguments.indexOf("-D");
    return option >= 0 && option + 1 < arguments.size()
        ? Optional.of(arguments.get(option + 1))
        : Optional.empty();
  }

  private static boolean isSame(String directory, Path data) {
    try {
      return Files.isSameFile(Path.of(directory), data);
    } catch (IOException notThereAnyMore) {
      return false;
    }
  }

  private static void delete(Path pidFile) {
    try {
      Files.deleteIfExists(pidFile);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + pidFile, e);
    }
  }

  private static void stop(ProcessHandle process, Path pidFile) {
    boolean ended =
        (signal(process, "INT") && ended(process, pidFile, FAST))
            || (signal(process, "QUIT") && ended(process, pidFile, IMMEDIATE));
    if (!ended) {
      throw new IllegalStateException(
          "PostgreSQL (process %d of %s) runs on %s and cannot be stopped from here. Stop it first."
              .formatted(
                  process.pid(),
                  process.info().user().orElse("another user"),
                  pidFile.getParent()));
    }
  }

  // Java can only send TERM, on which PostgreSQL waits for its clients to leave.
  private static boolean signal(ProcessHandle process, String signal) {
    try {
      int status =
          new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      return status == 0 || !process.isAlive();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop PostgreSQL, process " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // The file goes last, and where process 1 reaps nobody the process stays listed when it is dead.
  private static boolean ended(ProcessHandle process, Path pidFile, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    while (process.isAlive() && Files.exists(pidFile)) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
