package sh.cinch.ingress.readmodel;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A check of a commit, as the API shows it too.
 *
 * @param build what a runner last reported of it; empty where only the outcome is known yet
 * @param outcome what became of it on the forge; empty until that is known
 * @param updatedAt when either last changed
 */
public record StatusRow(
    UUID repositoryId,
    String commit,
    String key,
    Optional<Build> build,
    Optional<Outcome> outcome,
    Instant updatedAt) {

  /**
   * What a runner reported.
   *
   * @param state in the words of {@code cinch.build-state.v1}
   */
  public record Build(
      String name,
      Optional<String> number,
      String state,
      Optional<String> description,
      Optional<String> url,
      Optional<String> ref,
      Instant occurredAt) {}

  /**
   * How it was delivered.
   *
   * @param result in the words of {@code cinch.outcome.v1}
   * @param reason in words, where it was not delivered
   */
  public record Outcome(
      String result,
      Optional<Integer> httpStatus,
      int attempts,
      Optional<String> reason,
      Optional<Long> latencyMs,
      Instant at) {}
}
