package sh.cinch.acceptance.deliveries;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A push, and how the forge has tried to deliver it.
 *
 * @param moved in the payload's order
 * @param hasOneId whether each attempt has the request id of the first
 */
record Push(Connected to, List<Moved> moved, boolean hasOneId, List<Attempt> attempts) {

  static final int MOST_ATTEMPTS = 3;

  /**
   * A branch that has moved.
   *
   * @param commit no other push, and no other branch, has it
   */
  record Moved(String branch, @Nullable String from, String commit) {}

  /**
   * @param status none: 0
   * @param begun by {@link System#nanoTime}, as when it ended
   */
  record Attempt(int status, long begun, long ended) {

    /** As if its answer had not come. */
    Attempt lost() {
      return new Attempt(0, begun, ended);
    }

    boolean isTaken() {
      return status / 100 == 2;
    }

    boolean isAnswered() {
      return status != 0;
    }

    Duration took() {
      return Duration.ofNanos(ended - begun);
    }
  }

  boolean isTaken() {
    return attempts.getLast().isTaken();
  }

  boolean isRetried() {
    return attempts.size() > 1;
  }

  boolean isGivenUp() {
    return !isTaken() && attempts.size() == MOST_ATTEMPTS;
  }

  /** Nobody answered, and this time that was the end of it. */
  boolean isForgotten() {
    return !isTaken() && attempts.size() < MOST_ATTEMPTS;
  }

  /** What is published of it where no more changes of one push are. */
  Push of(int most) {
    return new Push(to, moved.subList(0, most), hasOneId, attempts);
  }

  /**
   * Whether perhaps nobody but the forge knows that it is one push: its first attempt was not
   * answered, and the next, which another process may have got, had another request id.
   */
  boolean isOfUnknownOrigin() {
    return !hasOneId && !attempts.getFirst().isAnswered();
  }

  long begun() {
    return attempts.getFirst().begun();
  }

  long ended() {
    return attempts.getLast().ended();
  }

  /** In brief. */
  @Override
  public String toString() {
    return "%s and %d more refs of %s: %s"
        .formatted(
            moved.getFirst(),
            moved.size() - 1,
            to.id(),
            attempts.stream().map(Attempt::status).toList());
  }
}
