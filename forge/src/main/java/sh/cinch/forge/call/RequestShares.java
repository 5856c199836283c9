package sh.cinch.forge.call;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.call.RequestLedger.Share;
import sh.cinch.service.database.Database;
import sh.cinch.service.lease.Lease;

/**
 * The part of an identity's hour that people and programs may spend as they like: on pages, on
 * connecting, on checks of releases. The rest is there for what Cinch itself owes. One account has
 * half of that part, and checks of releases, which every runner may ask for, half of the account's.
 */
public final class RequestShares {

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
  public record Spent(String reason, Duration pause) {

    public <T> ForgeResult<T> later() {
      return new ForgeResult.Later<>(Cause.RATE_LIMIT, OptionalInt.empty(), reason, pause);
    }
  }

  private RequestShares(Optional<RequestLedger> ledger, int hourlyLimit) {
    this.ledger = ledger;
    this.hourlyLimit = hourlyLimit;
  }

  /**
   * @param hourlyLimit requests that the forge takes of one identity in an hour, in each pool; 0:
   *     as many as are made
   */
  public static RequestShares of(Database database, InstantSource clock, int hourlyLimit) {
    return hourlyLimit == 0
        ? none()
        : new RequestShares(Optional.of(new RequestLedger(database, clock)), hourlyLimit);
  }

  /** For those who ask for nothing on demand. */
  public static RequestShares none() {
    return new RequestShares(Optional.empty(), 0);
  }

  /**
   * Takes one request, unless a share is spent. Blocks.
   *
   * @param credential that the lease is of
   */
  public Optional<Spent> take(Lease lease, UUID credential, Pool pool, Purpose purpose) {
    return ledger
        .filter(shared -> purpose.isOnDemand())
        .flatMap(
            shared ->
                shared.take(
                    lease.identity(),
                    pool,
                    shares(lease.account().orElseGet(credential::toString), pool, purpose)))
        .map(RequestShares::inWords);
  }

  private List<Share> shares(String account, Pool pool, Purpose purpose) {
    double all =
        hourlyLimit
            * switch (pool) {
              case REPOSITORIES -> OF_REPOSITORIES;
              case WEBHOOKS -> OF_WEBHOOKS;
            };
    List<Share> shares = new ArrayList<>();
    if (purpose == Purpose.RELEASE_CHECK) {
      shares.add(share("checks " + account, "checks of this account's releases", all / 4));
    }
    shares.add(share(account, "this account", all / 2));
    shares.add(share("", "all accounts together", all));
    return shares;
  }

  private static Share share(String party, String whom, double most) {
    return new Share(party, whom, Math.max(1, (int) most));
  }

  private static Spent inWords(RequestLedger.Spent spent) {
    long minutes = Math.max(1, spent.pause().plusSeconds(59).toMinutes());
    return new Spent(
        "Cinch keeps most of what Bitbucket allows for build states and releases: %s may ask it %d times an hour, and did. Try again in %d %s."
            .formatted(
                spent.share().whom(),
                spent.share().most(),
                minutes,
                minutes == 1 ? "minute" : "minutes"),
        spent.pause());
  }
}
