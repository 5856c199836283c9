package sh.cinch.service.due;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.database.Database;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.StuckWatch;

/**
 * Runs a step again and again on a thread of its own: at once while there is more to do or when
 * woken, else after a pause. A step that throws is tried again after the pause, and said once; a
 * loop whose thread died, or whose step does not end, says so.
 */
public final class Loop implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(15);

  private final String name;
  private final Step step;
  private final Duration pause;
  private final StuckWatch stuck;
  private final Semaphore wakes = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean open = true;
  private boolean failing;
  private boolean said;

  /** One that is to be {@linkplain #begin begun}. */
  Loop(String name, Step step, Duration pause, StuckWatch stuck) {
    this.name = name;
    this.step = step;
    this.pause = pause;
    this.stuck = stuck;
    this.thread =
        Thread.ofVirtual()
            .name(name)
            .uncaughtExceptionHandler(LastResort.died(log, "loop"))
            .unstarted(this::turn);
  }

  public static Loop start(String name, Step step, Duration pause) {
    return start(name, step, pause, new StuckWatch());
  }

  static Loop start(String name, Step step, Duration pause, StuckWatch stuck) {
    Loop loop = new Loop(name, step, pause, stuck);
    loop.begin();
    return loop;
  }

  void begin() {
    thread.start();
  }

  /** There is something to do now. Never blocks; many wakes before a turn are one. */
  public void wake() {
    wakes.release();
  }

  private void turn() {
    try {
      while (open) {
        if (!runs()) {
          // A step that fails is not helped by waking it: it waits the whole pause.
          if (failing) {
            boolean unused = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
          } else if (wakes.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            wakes.drainPermits();
          }
        }
      }
    } catch (InterruptedException e) {
      log.debug("loop={} interrupted", name);
    }
  }

  private boolean runs() {
    stuck.begins();
    try {
      boolean more = step.run();
      if (said) {
        log.info("loop={} recovered", name);
      }
      failing = false;
      said = false;
      return more;
    } catch (RuntimeException e) {
      LastResort.endIfOutOfMemory(e);
      failing = true;
      if (open && !said && !Database.isAway(e)) {
        log.warn("loop={} failed, trying again every {} ms", name, pause.toMillis(), e);
        said = true;
      }
      return false;
    } finally {
      stuck.rests();
    }
  }

  @Override
  public Check check() {
    return stuck.check("the loop " + name, thread);
  }

  /** Lets the step in flight finish, within a bound. */
  @Override
  public void close() {
    open = false;
    closing.countDown();
    wake();
    try {
      if (!thread.join(TIME_TO_FINISH)) {
        log.warn("loop={} did not finish in {} s", name, TIME_TO_FINISH.toSeconds());
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
