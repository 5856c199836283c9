package sh.cinch.ingress.pushes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import sh.cinch.schema.event.Repository;

/** One caller, woken by each push that they may see, and by whatever ends their waiting. */
public final class PushWait implements AutoCloseable {

  /** How long something may be over, or done by another instance, before a caller hears of it. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final Semaphore wakes = new Semaphore(0);
  private final Supplier<Predicate<Repository>> mayRead;
  private final Consumer<PushWait> closed;
  private volatile Predicate<Repository> visible;
  private volatile boolean isOver;
  private volatile Optional<ConsumerName> consumer = Optional.empty();

  /**
   * @param mayRead asked now and after each pause; what it throws ends the waiting
   */
  PushWait(Supplier<Predicate<Repository>> mayRead, Consumer<PushWait> closed) {
    this.mayRead = mayRead;
    this.visible = mayRead.get();
    this.closed = closed;
  }

  /** The caller is gone, or is to be answered now. */
  public void end() {
    isOver = true;
    wake();
  }

  /** Waits as one of a consumer. */
  void of(ConsumerName who) {
    consumer = Optional.of(who);
  }

  boolean isOf(ConsumerName who) {
    return consumer.filter(who::isSame).isPresent();
  }

  void wake() {
    wakes.release();
  }

  boolean isOver() {
    return isOver;
  }

  Predicate<Repository> visible() {
    return visible;
  }

  /** Returns when there may be something new, at the latest after so long. */
  void pause(Duration atMost) {
    try {
      long millis = Math.clamp(atMost.toMillis(), 1, LOOK_AGAIN.toMillis());
      if (wakes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        wakes.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      isOver = true;
    }
    look();
  }

  /** Finds out anew what the caller may see. */
  void look() {
    if (!isOver) {
      visible = mayRead.get();
    }
  }

  @Override
  public void close() {
    closed.accept(this);
  }
}
