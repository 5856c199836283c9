package sh.cinch.ingress.webhooks.publish;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.exit.LastResort;

/**
 * Runs what belongs to one key in turns, in the order it was given, each on a virtual thread of its
 * own; what belongs to another key does not wait for it.
 */
final class KeyedExecutor {

  private static final Logger log = LoggerFactory.getLogger(KeyedExecutor.class);

  private final Map<UUID, Turn> turns = new HashMap<>();

  /** Whose turn it is, and who waits behind. */
  private static final class Turn {

    final Queue<Runnable> behind = new ArrayDeque<>();
    Thread whose;

    Turn(Thread whose) {
      this.whose = whose;
    }
  }

  void run(UUID key, Runnable work) {
    Thread thread;
    synchronized (turns) {
      Turn turn = turns.get(key);
      if (turn != null) {
        turn.behind.add(work);
        return;
      }
      thread = thread(key, work);
      turns.put(key, new Turn(thread));
    }
    thread.start();
  }

  private Thread thread(UUID key, Runnable work) {
    return Thread.ofVirtual().name("publish").unstarted(() -> drive(key, work));
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
    Thread next;
    synchronized (turns) {
      Turn turn = turns.get(key);
      if (turn == null || turn.whose != Thread.currentThread()) {
        return;
      }
      Runnable work = turn.behind.poll();
      if (work == null) {
        turns.remove(key);
        return;
      }
      next = thread(key, work);
      turn.whose = next;
    }
    next.start();
  }
}
