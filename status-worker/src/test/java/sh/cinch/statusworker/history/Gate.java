package sh.cinch.statusworker.history;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Where requests wait: all of them while time is put forward, one whose caller stands still until
 * that goes on, and those of a caller that was killed for ever.
 */
final class Gate {

  /** Of how much of its caller's time a request may be unaware. */
  private static final Duration NOTICED = Duration.ofSeconds(8);

  /** How many attempts are under way is nowhere signalled. */
  private static final long LOOK_AGAIN_MS = 2;

  private final InstantSource clock;
  private final List<Caller> callers = new ArrayList<>();
  private boolean isShut;
  private int underWay;
  private int resumptions;
  private int numbers;

  Gate(InstantSource clock) {
    this.clock = clock;
  }

  /** How a request came through. */
  enum Passage {
    AT_ONCE,
    /** Its caller stood still meanwhile: others may have taken over what it is about. */
    AFTER_A_PAUSE,
    /** Its caller is no more, or no longer waits for it. */
    NEVER
  }

  /**
   * Whoever sends requests: it may stand still, and be killed.
   *
   * <p>Who sends after a pause what others have taken over must live on until it has said so:
   * nobody could know of it otherwise, whatever the product did.
   */
  final class Caller {

    private final int number = ++numbers;
    private final IntSupplier attempts;
    private final Map<HttpServerRequest, Boolean> waiting = new LinkedHashMap<>();
    private State state = State.ALIVE;
    private boolean hasToSettle;

    private enum State {
      ALIVE,
      KILLED,
      GONE
    }

    /**
     * @param attempts how many it has under way; each makes one request at a time
     */
    private Caller(IntSupplier attempts) {
      this.attempts = attempts;
    }

    /**
     * From now on nothing is sent of what waits or comes.
     *
     * @return false where it has to live on
     */
    boolean kill() {
      synchronized (Gate.this) {
        if (hasToSettle) {
          return false;
        }
        state = State.KILLED;
        return true;
      }
    }

    /** Those that wait are sent away. */
    void gone() {
      synchronized (Gate.this) {
        state = State.GONE;
        Gate.this.notifyAll();
      }
    }

    @Override
    public String toString() {
      return "instance %d (%s)".formatted(number, state);
    }

    /** Whether each attempt waits here with a request that is not sent, and cannot be. */
    private boolean isStill() {
      waiting.keySet().removeIf(request -> request.response().closed());
      return attempts.getAsInt() == waiting.size() && (isShut || waiting.isEmpty());
    }
  }

  synchronized Caller caller(IntSupplier attempts) {
    Caller caller = new Caller(attempts);
    callers.add(caller);
    return caller;
  }

  /**
   * @param isPaused its caller stands still from now on
   * @param isQuestion it changes nothing
   * @return unless it never comes through, {@link #done} must follow
   */
  synchronized Passage pass(
      Caller caller, HttpServerRequest request, boolean isPaused, boolean isQuestion) {
    Instant came = clock.instant();
    int paused = resumptions;
    try {
      while (caller.state != Caller.State.GONE
          && (isShut
              || caller.state == Caller.State.KILLED
              || (isPaused && resumptions == paused))) {
        caller.waiting.put(request, isQuestion);
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Passage.NEVER;
    } finally {
      caller.waiting.remove(request);
    }
    if (caller.state == Caller.State.GONE || request.response().closed()) {
      return Passage.NEVER;
    }
    underWay++;
    if (!isPaused && clock.instant().isBefore(came.plus(NOTICED))) {
      return Passage.AT_ONCE;
    }
    caller.hasToSettle = true;
    return Passage.AFTER_A_PAUSE;
  }

  synchronized void done() {
    underWay--;
    notifyAll();
  }

  /** Lets all go on that are paused. */
  synchronized void resume() {
    resumptions++;
    notifyAll();
  }

  /** Does something while nobody's request, or what follows from its answer, is under way. */
  synchronized void whileStill(Runnable change) throws InterruptedException {
    isShut = true;
    try {
      awaitStill();
      change.run();
    } finally {
      isShut = false;
      notifyAll();
    }
  }

  /**
   * The same where nobody asks a question either: whoever does, does so because of a post's answer.
   *
   * @return false where somebody does; then nothing was done
   */
  synchronized boolean betweenCalls(Runnable change) throws InterruptedException {
    boolean[] isDone = {false};
    whileStill(
        () -> {
          isDone[0] = alive().noneMatch(caller -> caller.waiting.containsValue(true));
          if (isDone[0]) {
            change.run();
          }
        });
    return isDone[0];
  }

  /** Waits until every attempt has ended; while it is shut, until it has or waits here. */
  synchronized void awaitStill() throws InterruptedException {
    // A count that is taken while attempts begin and end may be one too low.
    for (int looks = 0; looks < 2; looks = underWay == 0 && areStill() ? looks + 1 : 0) {
      wait(LOOK_AGAIN_MS);
    }
    callers.forEach(caller -> caller.hasToSettle = false);
  }

  private boolean areStill() {
    callers.removeIf(caller -> caller.state == Caller.State.GONE);
    return alive().allMatch(Caller::isStill);
  }

  private Stream<Caller> alive() {
    return callers.stream().filter(caller -> caller.state == Caller.State.ALIVE);
  }
}
