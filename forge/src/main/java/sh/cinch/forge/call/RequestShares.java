package sh.cinch.forge.call;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.call.RequestLedger.Share;
import sh.cinch.service.database.Database;
import sh.cinch.service.lease.Lease;

/**
 * The part of an identity's hour that people and programs may spend as they like: on pages, on
 * connecting, on dry runs of releases. The rest is there for what Cinch itself owes. An account may
 * have as many as are left: one alone has half of that part, the next half of what is left then,
 * and there is always something for whoever has had none. Dry runs, which every runner may ask for,
 * have for each repository half of what one account alone has.
 */
final class RequestShares {

  /** Nothing but connecting asks for webhooks. */
  private static final double OF_WEBHOOKS = 0.8;

  private static final double OF_REPOSITORIES = 0.4;

  private final Optional<RequestLedger> ledger;
  private final int hourlyLimit;

  /**
   * A share that is spent: the request must not be made.
   *
   * @param reason in words, for people
   * @param pause until some of it is there again
   */
  record Spent(String reason, Duration pause) {}

  private RequestShares(Optional<RequestLedger> ledger, int hourlyLimit) {
    this.ledger = ledger;
    this.hourlyLimit = hourlyLimit;
  }

  /**
   * @param hourlyLimit requests that the forge takes of one identity in an hour, in each pool; 0:
   *     as many as are made
   */
  static RequestShares of(Database database, InstantSource clock, int hourlyLimit) {
    return hourlyLimit == 0
        ? none()
        : new RequestShares(Optional.of(new RequestLedger(database, clock)), hourlyLimit);
  }

  /** For those who ask for nothing on demand. */
  static RequestShares none() {
    return new RequestShares(Optional.empty(), 0);
  }

  /**
   * Takes one request, unless a share is spent. Blocks.
   *
   * @param caller that the lease is of
   */
  Optional<Spent> take(Lease lease, ForgeCaller caller, Pool pool) {
    return ledger
        .filter(shared -> caller.purpose().isOnDemand())
        .flatMap(shared -> shared.take(lease.identity(), pool, shares(lease, caller, pool)))
        .map(RequestShares::inWords);
  }

  private List<Share> shares(Lease lease, ForgeCaller caller, Pool pool) {
    String account = lease.account().orElseGet(caller.credential()::toString);
    int all =
        (int)
            (hourlyLimit
                * switch (pool) {
                  case REPOSITORIES -> OF_REPOSITORIES;
                  case WEBHOOKS -> OF_WEBHOOKS;
                  case GIT -> 1; // nobody clones on demand
                });
    List<Share> shares = new ArrayList<>();
    if (caller.purpose() == Purpose.RELEASE_CHECK) {
      String repository = caller.repository().map(UUID::toString).orElse("");
      shares.add(
          share(
              List.of("dry runs %s %s".formatted(account, repository)),
              "dry runs of a repository's releases may ask it %d times an hour, and did",
              all / 4));
    }
    shares.add(
        share(
            List.of(account, ""),
            "all accounts together may ask it %d times an hour, and this one had as many as it"
                + " leaves the others",
            all));
    return shares;
  }

  private static Share share(List<String> parties, String words, int most) {
    int some = Math.max(1, most);
    return new Share(parties, words.formatted(some), some);
  }

  private static Spent inWords(RequestLedger.Spent spent) {
    long minutes = Math.max(1, spent.pause().plusSeconds(59).toMinutes());
    return new Spent(
        "Cinch keeps most of what Bitbucket allows for build states and releases: %s. Try again in %d %s."
            .formatted(spent.words(), minutes, minutes == 1 ? "minute" : "minutes"),
        spent.pause());
  }
}
