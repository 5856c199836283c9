package sh.cinch.statusworker.statuses;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Whoever posts statuses may claim some as they are recorded: nobody has to look for those. */
@FunctionalInterface
public interface FirstTurns {

  /** Whatever is recorded is looked for. */
  FirstTurns NONE = due -> Turns.NONE;

  /**
   * @param due how many statuses are due with what is recorded now
   * @return to be {@linkplain Turns#over ended}, also where there is none
   */
  Turns keep(int due);

  /** Turns for statuses that one transaction records. */
  interface Turns {

    /** There is none. */
    Turns NONE =
        new Turns() {
          @Override
          public int count() {
            return 0;
          }

          @Override
          public Duration hold() {
            return Duration.ZERO;
          }

          @Override
          public Optional<UUID> turn(StatusClaim status) {
            return Optional.empty();
          }

          @Override
          public void over(List<StatusClaim> claimed) {
            // Nobody looks for what nobody posts.
          }
        };

    /** So many at most. */
    int count();

    /** How long a turn may take; afterwards the status is anybody's. */
    Duration hold();

    /**
     * @param status that is due, as it is going to be recorded
     * @return the credential for its first request; empty where it has no turn now
     */
    Optional<UUID> turn(StatusClaim status);

    /**
     * @param claimed those that are recorded as claimed, in a transaction that is committed
     */
    void over(List<StatusClaim> claimed);
  }
}
