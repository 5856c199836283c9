package sh.cinch.ingress.webhooks.publish;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.exit.LastResort;

/**
 * Runs what belongs to one key in turns, in the order it was given; what belongs to another key
 * does not wait for it. A turn takes a virtual thread of its own, but where it can be taken at
 * once.
 */
final class KeyedExecutor {

  private static final Logger log = LoggerFactory.getLogger(KeyedExecutor.class);

  private final Map<UUID, Turn> turns = new HashMap<>();

  /** Whose turn it is, and who waits behind. */
  private static final class Turn {

    final Queue<Runnable> behind = new ArrayDeque<>(1);
    Thread whose;

    Turn(Thread whose) {
      this.whose = whose;
    }
  }

  void run(UUID key, Runnable work) {
    run(key, () -> false, work);
  }

  /**
   * The same for what rarely needs a thread.
   *
   * @param atOnce asked on this thread where it is nobody's turn, and must not block; whether that
   *     was all of the work. What it throws is the caller's, and the turn is over
   * @param work all of it otherwise
   */
  void run(UUID key, BooleanSupplier atOnce, Runnable work) {
    Turn mine = new Turn(Thread.currentThread());
    synchronized (turns) {
      Turn turn = turns.putIfAbsent(key, mine);
      if (turn != null) {
        turn.behind.add(work);
        return;
      }
    }
    boolean isDone = true; // where it throws, too
    try {
      isDone = atOnce.getAsBoolean();
    } finally {
      if (isDone) {
        over(key);
      } else {
        give(mine, key, work);
      }
    }
  }

  private void give(Turn turn, UUID key, Runnable work) {
    Thread next = Thread.ofVirtual().name("publish").unstarted(() -> drive(key, work));
    synchronized (turns) {
      turn.whose = next;
    }
    next.start();
  }

  private void drive(UUID key, Runnable work) {
    try {
      work.run();
    } catch (Throwable e) { // whatever it is, others must not wait for ever
      LastResort.endIfOutOfMemory(e);
      log.error("work failed, going on with what waits behind it", e);
    } finally {
      over(key);
    }
  }

  /** To be called in its turn by work that may end later than that: who waits behind it goes on. */
  void over(UUID key) {
    Turn turn;
    Runnable next;
    synchronized (turns) {
      turn = turns.get(key);
      if (turn == null || turn.whose != Thread.currentThread()) {
        return;
      }
      next = turn.behind.poll();
      if (next == null) {
        turns.remove(key);
        return;
      }
    }
    give(turn, key, next);
  }
}
