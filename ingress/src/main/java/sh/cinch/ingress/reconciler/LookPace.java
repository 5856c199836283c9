package sh.cinch.ingress.reconciler;

import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.WORKSPACE_LOOK;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.ToIntFunction;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Purpose;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.BackOff;

/**
 * How soon a repository is looked at again. Whatever an account has left for the reconciler is
 * spread over an hour and the repositories that share it, so that the others' shares are left
 * alone, and what is plenty is used.
 */
final class LookPace {

  /** Where an account has plenty: the next look confirms what it finds within two minutes. */
  static final Duration SHORTEST = Duration.ofSeconds(45);

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration COUNTED = Duration.ofMinutes(1);
  private static final Duration LEAST_REST = Duration.ofSeconds(15);

  private final Database database;
  private final Forge forge;
  private final InstantSource clock;
  private volatile Count sharing = new Count(0, Instant.MIN);

  /** Of repositories that are connected by OAuth, whose client is one account to the forge. */
  private record Count(int repositories, Instant at) {}

  LookPace(Database database, Forge forge, InstantSource clock) {
    this.database = database;
    this.forge = forge;
    this.clock = clock;
  }

  /** Not now, and how long not. */
  static Duration rest(Allowance.None none) {
    return BackOff.longer(none.pause(), LEAST_REST);
  }

  /**
   * The next look at a repository.
   *
   * @param requests that the last one took
   */
  Duration after(UUID credential, int requests) {
    return after(credential, identity -> requests * sharing(credential, identity));
  }

  /**
   * The next look at a workspace; all of them together ask for half as much as those at
   * repositories.
   *
   * @param requests that the last one took
   */
  Duration afterWorkspace(UUID credential, int requests) {
    return after(credential, identity -> 2 * requests * database.sql().fetchCount(WORKSPACE_LOOK));
  }

  /**
   * @param round requests that it takes to look at all that this identity is asked for
   */
  private Duration after(UUID credential, ToIntFunction<String> round) {
    return switch (forge.allowance(credential, Purpose.RECONCILING)) {
      case Allowance.None none -> BackOff.longer(rest(none), SHORTEST);
      case Allowance.Some(String identity, int most, Allowance.None beyond) ->
          most == Integer.MAX_VALUE
              ? SHORTEST
              : BackOff.longer(
                  HOUR.multipliedBy(Math.max(1, round.applyAsInt(identity)))
                      .dividedBy(Math.max(1, most)),
                  SHORTEST);
    };
  }

  /** How many repositories are asked for at the cost of this account. */
  private int sharing(UUID credential, String identity) {
    if (identity.contains(credential.toString())) {
      return 1;
    }
    Instant now = clock.instant();
    if (sharing.at().isBefore(now.minus(COUNTED))) {
      sharing =
          new Count(
              database
                  .sql()
                  .fetchCount(
                      REPOSITORY,
                      REPOSITORY
                          .STATE
                          .eq(Connection.State.CONNECTED.word())
                          .and(REPOSITORY.CREDENTIAL_KIND.eq(Connection.OAUTH))),
              now);
    }
    return Math.max(1, sharing.repositories());
  }
}
