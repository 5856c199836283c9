package sh.cinch.ingress.webhooks.delivery;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Waits for the database no longer than a push may wait for it: much shorter than the pool's own
 * patience.
 *
 * @param name of the threads that ask
 */
public record Patience(String name, Duration most) {

  /**
   * @param otherwise what is so where it failed, or took too long; it may take effect still
   * @param failed is told why
   */
  public <T> T ask(Callable<T> question, T otherwise, Consumer<Exception> failed) {
    FutureTask<T> asking = new FutureTask<>(question);
    Thread.ofVirtual().name(name).start(asking);
    try {
      return asking.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      failed.accept(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return otherwise;
  }
}
