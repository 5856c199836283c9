package sh.cinch.tokenservice.flight;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Work that is done once for all who want it at the same time. Unlike a cache of futures it never
 * gives a result to whoever comes after the result is known.
 */
public final class SingleFlight<T> implements AutoCloseable {

  private final Map<UUID, CompletableFuture<T>> flying = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Waits for the flight of this key, after starting it where there is none. */
  public T share(UUID key, Supplier<T> work) {
    try {
      // On a thread of its own: whoever came first may go away, the others still wait.
      return flying
          .computeIfAbsent(key, id -> CompletableFuture.supplyAsync(() -> fly(id, work), threads))
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private T fly(UUID key, Supplier<T> work) {
    try {
      return work.get();
    } finally {
      flying.remove(key);
    }
  }

  /** Waits for those in the air. */
  @Override
  public void close() {
    threads.close();
  }
}
