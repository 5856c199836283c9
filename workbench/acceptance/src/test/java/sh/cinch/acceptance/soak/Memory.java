package sh.cinch.acceptance.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import sh.cinch.testkit.ChildProcess;

/** How much memory a process has, looked at again and again. */
final class Memory implements AutoCloseable {

  private static final Duration EVERY = Duration.ofMillis(250);
  private static final int THIRDS = 3;

  private final ChildProcess process;
  private final List<Long> resident = new ArrayList<>();
  private final Thread thread;

  Memory(ChildProcess process) {
    this.process = process;
    this.thread = Thread.ofPlatform().daemon().name("memory").start(this::look);
  }

  private void look() {
    try {
      while (true) {
        process.resident().ifPresent(this::add);
        TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void add(long bytes) {
    resident.add(bytes);
  }

  /** The most in a third of the time, the first being 0; in MB, 0 where the system does not say. */
  synchronized long most(int third) {
    int from = resident.size() * third / THIRDS;
    int to = resident.size() * (third + 1) / THIRDS;
    return resident.subList(from, to).stream().mapToLong(bytes -> bytes).max().orElse(0)
        / 1_000_000;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
