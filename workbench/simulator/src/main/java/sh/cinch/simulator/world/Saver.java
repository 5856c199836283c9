package sh.cinch.simulator.world;

import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves soon after a change; changes in quick succession are saved together. */
final class Saver implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Saver.class);
  private static final long PAUSE_MS = 200;

  private final StateFile file;
  private final Supplier<State.Snapshot> source;
  private final Semaphore changed = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread loop;

  Saver(StateFile file, Supplier<State.Snapshot> source) {
    this.file = file;
    this.source = source;
    this.loop = Thread.ofVirtual().name("saver").start(this::run);
  }

  void wake() {
    changed.release();
  }

  private void run() {
    try {
      boolean last = false;
      while (!last) {
        changed.acquire();
        last = closing.await(PAUSE_MS, TimeUnit.MILLISECONDS);
        changed.drainPermits();
        save();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void save() {
    try {
      file.write(source.get());
    } catch (UncheckedIOException e) {
      log.error(
          "cannot save the simulator's state; what changes now may be gone after a restart", e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    wake();
    try {
      loop.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
