package sh.cinch.simulator.world;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The one door to the state: everything that is asked or changed is so under one lock, for
 * microseconds, so that a refresh or an ownership check never interleaves with another.
 */
public final class World implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final InstantSource clock;
  private final State state;
  private final Optional<Saver> saver;

  private World(InstantSource clock, State state, Optional<StateFile> file) {
    this.clock = clock;
    this.state = state;
    this.saver = file.map(to -> new Saver(to, this::snapshot));
  }

  /** A world that ends with the process. */
  public static World inMemory(InstantSource clock) {
    return new World(clock, State.fresh(), Optional.empty());
  }

  /**
   * The world as the file has it, kept in that file from now on; a fresh one where there is none.
   *
   * @throws IllegalStateException where the file cannot be read as a world
   */
  public static World keptIn(Path path, InstantSource clock) {
    var file = new StateFile(path);
    State state = file.read().map(State::of).orElseGet(State::fresh);
    return new World(clock, state, Optional.of(file));
  }

  public Instant now() {
    return clock.instant();
  }

  /** Asks something; what is answered must not reach into the state once the lock is gone. */
  public <T> T ask(Function<State, T> question) {
    lock.lock();
    try {
      return question.apply(state);
    } finally {
      lock.unlock();
    }
  }

  /** The same, and the state is saved soon after. */
  public <T> T change(Function<State, T> change) {
    T result = ask(change);
    saver.ifPresent(Saver::wake);
    return result;
  }

  private State.Snapshot snapshot() {
    return ask(State::snapshot);
  }

  /** Saves what is not yet saved. */
  @Override
  public void close() {
    saver.ifPresent(Saver::close);
  }
}
