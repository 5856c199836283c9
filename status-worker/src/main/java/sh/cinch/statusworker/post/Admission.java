package sh.cinch.statusworker.post;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forges;
import sh.cinch.forge.Purpose;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.statusworker.statuses.StatusClaim;

/**
 * Which of the statuses that were claimed are tried now: of an account as many as its forge would
 * take. So none that is to wait takes a place from another account's, or finds out by itself.
 */
final class Admission {

  private final ConnectionDirectory connections;
  private final Forges forges;
  private final Collection<StatusClaim> underWay;
  private final Map<String, Integer> admitted = new HashMap<>();

  Admission(ConnectionDirectory connections, Forges forges, Collection<StatusClaim> underWay) {
    this.connections = connections;
    this.forges = forges;
    this.underWay = underWay;
  }

  /** Why a status must wait. */
  Optional<Allowance.None> objection(StatusClaim claim) {
    return switch (allowance(claim)) {
      case Allowance.None none -> Optional.of(none);
      case Allowance.Some(String identity, int most, Allowance.None beyond) -> {
        // Where one is to find out for all, it may be under way.
        int begun = admitted.getOrDefault(identity, 0) + (most == 1 ? underWay(identity) : 0);
        if (begun >= most) {
          yield Optional.of(beyond);
        }
        admitted.merge(identity, 1, Integer::sum);
        yield Optional.empty();
      }
    };
  }

  private int underWay(String identity) {
    return (int)
        underWay.stream()
            .map(this::allowance)
            .filter(
                allowance ->
                    allowance instanceof Allowance.Some some && some.identity().equals(identity))
            .count();
  }

  private Allowance allowance(StatusClaim claim) {
    return connections
        .known(claim.status().repository())
        // What another credential began is tried with that one.
        .filter(
            connection ->
                claim.postedBy().map(last -> last.equals(connection.credentialId())).orElse(true))
        .map(
            connection ->
                forges.allowance(
                    connection, claim.isFinal() ? Purpose.FINAL_STATUS : Purpose.START_STATUS))
        .orElseGet(Allowance::any);
  }
}
