package sh.cinch.simulator.delivery;

import java.util.Optional;

/**
 * One try to deliver.
 *
 * @param status 0 where no answer came
 * @param problem what came instead of an answer
 */
public record Attempt(int status, long ms, Optional<String> problem) {

  boolean isWorthAnother(boolean retryUnanswered) {
    return status == 0 ? retryUnanswered : status >= 500;
  }
}
