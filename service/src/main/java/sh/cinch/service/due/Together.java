package sh.cinch.service.due;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.database.Database;

/**
 * Writes together what several threads have to write: what comes while one turn is under way goes
 * with the next. Who comes alone goes at once. Where a turn fails, each of it is written by itself,
 * so that nobody fails for another.
 */
public final class Together<T> {

  private final int most;
  private final Consumer<List<T>> write;
  private final Queue<Part<T>> waiting = new ConcurrentLinkedQueue<>();
  private final ReentrantLock turn = new ReentrantLock();

  /**
   * @param most that are written in one turn
   * @param write all of them or none
   */
  public Together(int most, Consumer<List<T>> write) {
    this.most = most;
    this.write = write;
  }

  private static final class Part<T> {

    final T what;
    boolean isOver;
    @Nullable RuntimeException failure;

    Part(T what) {
      this.what = what;
    }

    void over(@Nullable RuntimeException because) {
      isOver = true;
      failure = because;
    }
  }

  /**
   * Blocks until it is written.
   *
   * @throws RuntimeException as writing it threw
   */
  public void write(T what) {
    write(what, () -> {});
  }

  /**
   * The same for callers who care about the order.
   *
   * @param queued told before it blocks: whatever is written from now on comes after it
   */
  public void write(T what, Runnable queued) {
    Part<T> part = new Part<>(what);
    waiting.add(part);
    queued.run();
    turn.lock();
    try {
      while (!part.isOver) {
        take();
      }
    } finally {
      turn.unlock();
    }
    if (part.failure != null) {
      throw part.failure;
    }
  }

  /** How many wait for their turn. */
  int waiting() {
    return waiting.size();
  }

  private void take() {
    List<Part<T>> parts = new ArrayList<>();
    for (Part<T> next = waiting.poll(); next != null; next = waiting.poll()) {
      parts.add(next);
      if (parts.size() == most) {
        break;
      }
    }
    write(parts);
  }

  private void write(List<Part<T>> parts) {
    RuntimeException failure = new IllegalStateException("the turn that was to write it ended");
    try {
      write.accept(parts.stream().map(part -> part.what).toList());
      parts.forEach(part -> part.over(null));
    } catch (RuntimeException e) {
      failure = e;
      if (parts.size() > 1 && !Database.isAway(e)) {
        parts.forEach(part -> write(List.of(part)));
      }
    } finally {
      RuntimeException because = Objects.requireNonNull(failure);
      parts.stream().filter(part -> !part.isOver).forEach(part -> part.over(because));
    }
  }
}
