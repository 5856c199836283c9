package sh.cinch.service.exit;

import java.lang.Thread.UncaughtExceptionHandler;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Ends a process that cannot go on, at once and with an exit code that its supervisor knows. What
 * it held is safe: whatever was acknowledged is in Kafka or in PostgreSQL.
 */
public final class LastResort {

  /** The JVM's own code with {@code -XX:+ExitOnOutOfMemoryError}, which sees most of it first. */
  public static final int OUT_OF_MEMORY = 3;

  /** It was asked to end and did not. */
  public static final int STUCK = 4;

  /** As if it had been killed with its supervisor. */
  private static final int KILLED = 137;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private LastResort() {}

  /** From now on a thread of any kind that runs out of memory ends the process. */
  public static void guard(Logger log) {
    Thread.setDefaultUncaughtExceptionHandler(died(log, "thread"));
  }

  /**
   * @param what died, for the log
   */
  public static UncaughtExceptionHandler died(Logger log, String what) {
    return (dead, failure) -> {
      endIfOutOfMemory(failure);
      log.error("{}={} died", what, dead.getName(), failure);
    };
  }

  /** For whoever is told of a failure, and would go on. */
  public static void endIfOutOfMemory(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        end(OUT_OF_MEMORY, "is out of memory: " + cause.getMessage());
      }
    }
  }

  /**
   * The process goes with the one that started it and looks after it, however that ends: it closes
   * first, as on a signal.
   */
  public static void endWith(long supervisor) {
    Thread.ofPlatform()
        .daemon()
        .name("supervisor-watch")
        .start(
            () -> {
              while (parent().filter(pid -> pid == supervisor).isPresent()) {
                pause(BETWEEN_LOOKS);
              }
              say(KILLED, "has lost the process that started it");
              System.exit(KILLED);
            });
  }

  private static Optional<Long> parent() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid);
  }

  static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void end(int code, String why) {
    try {
      say(code, why);
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }

  @SuppressWarnings("SystemOut") // a log may be what does not work any more
  private static void say(int code, String why) {
    System.err.println("This process " + why + ". It ends now, with exit code " + code + ".");
  }
}
