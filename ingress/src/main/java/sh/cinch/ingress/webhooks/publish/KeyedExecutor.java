package sh.cinch.ingress.webhooks.publish;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.exit.LastResort;

/**
 * Runs what belongs to one key one after the other, in the order it was given, on a virtual thread;
 * what belongs to another key does not wait for it.
 */
final class KeyedExecutor {

  private static final Logger log = LoggerFactory.getLogger(KeyedExecutor.class);

  private final Map<UUID, Queue<Runnable>> waiting = new HashMap<>();

  void run(UUID key, Runnable work) {
    synchronized (waiting) {
      Queue<Runnable> behind = waiting.get(key);
      if (behind != null) {
        behind.add(work);
        return;
      }
      waiting.put(key, new ArrayDeque<>());
    }
    Thread.ofVirtual().name("publish").start(() -> drive(key, work));
  }

  private void drive(UUID key, Runnable first) {
    Runnable work = first;
    while (work != null) {
      try {
        work.run();
      } catch (Throwable e) { // whatever it is, others must not wait for ever
        LastResort.endIfOutOfMemory(e);
        log.error("work failed, going on with what waits behind it", e);
      }
      work = next(key);
    }
  }

  private @Nullable Runnable next(UUID key) {
    synchronized (waiting) {
      Runnable next = Objects.requireNonNull(waiting.get(key)).poll();
      if (next == null) {
        waiting.remove(key);
      }
      return next;
    }
  }
}
