package sh.cinch.tokenservice.flight;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Work that is done once for all who want it at the same time. */
public final class SingleFlight<T> implements AutoCloseable {

  private final Map<UUID, CompletableFuture<T>> flying = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Waits for the flight of this key, after starting it where there is none. */
  public T share(UUID key, Supplier<T> work) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<T> flight = flying.putIfAbsent(key, mine);
    if (flight == null) {
      flight = mine;
      // On a thread of its own: whoever came first may go away, the others still wait.
      threads.execute(() -> fly(key, mine, work));
    }
    try {
      return flight.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void fly(UUID key, CompletableFuture<T> flight, Supplier<T> work) {
    try {
      T result = work.get();
      flying.remove(key, flight);
      flight.complete(result);
    } catch (RuntimeException | Error e) {
      flying.remove(key, flight);
      flight.completeExceptionally(e);
    }
  }

  /** Waits for those in the air. */
  @Override
  public void close() {
    threads.close();
  }
}
