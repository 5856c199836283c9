package sh.cinch.tokenservice.lease;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.exception.DataAccessException;
import sh.cinch.tokenservice.cache.CachedCredential;
import sh.cinch.tokenservice.cache.CredentialCache;
import sh.cinch.tokenservice.cache.LeasableToken;
import sh.cinch.tokenservice.caller.Caller;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.TokenLife;
import sh.cinch.tokenservice.flight.SingleFlight;
import sh.cinch.tokenservice.refresh.RefreshOutcome;
import sh.cinch.tokenservice.refresh.Refresher;

/**
 * Lends access tokens. Whoever asks while the token lasts long enough waits for nobody; else for
 * one refresh, and takes what is left of the token where that fails.
 */
public final class LeaseIssuer implements AutoCloseable {

  private final CredentialCache cache;
  private final Refresher refresher;
  private final LeaseAudit audit;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final Map<Caller, Counter> lent = new EnumMap<>(Caller.class);

  /** Many who miss the same credential at once are one look at its row. */
  private final SingleFlight<Optional<CachedCredential>> looks = new SingleFlight<>();

  public LeaseIssuer(
      CredentialCache cache,
      Refresher refresher,
      LeaseAudit audit,
      InstantSource clock,
      MeterRegistry metrics) {
    this.cache = cache;
    this.refresher = refresher;
    this.audit = audit;
    this.clock = clock;
    this.metrics = metrics;
    for (Caller caller : Caller.values()) {
      lent.put(caller, answers(caller, "lent"));
    }
  }

  /** What can be lent without waiting for anything: for an event loop. */
  public Optional<LeasableToken> atOnce(UUID id, Caller caller, Duration asked) {
    Optional<LeasableToken> token =
        cache
            .current(id)
            .filter(one -> mayLease(caller, one.credential()) && lasts(one.credential(), asked))
            .flatMap(CachedCredential::token);
    if (token.isPresent()) {
      count(id, caller);
    }
    return token;
  }

  /**
   * Blocks: for a look at the row, and for a refresh where one is needed.
   *
   * @param asked how long it should last at least, as far as the credential can give that
   */
  public LeaseResult lease(UUID id, Caller caller, Duration asked) {
    LeaseResult outcome = leaseFor(caller, id, asked);
    switch (outcome) {
      case LeaseResult.Lent there -> count(id, caller);
      case LeaseResult.Unknown unknown -> answers(caller, "unknown").increment();
      case LeaseResult.Ended ended -> answers(caller, "ended").increment();
      case LeaseResult.NotNow notNow -> answers(caller, "not-now").increment();
    }
    return outcome;
  }

  private LeaseResult leaseFor(Caller caller, UUID id, Duration asked) {
    try {
      return looks
          .share(id, () -> cache.look(id))
          .map(one -> lease(caller, one, asked))
          .orElseGet(LeaseResult.Unknown::new);
    } catch (DataAccessException e) {
      return cache
          .lastKnown(id)
          .filter(one -> mayLease(caller, one.credential()))
          .map(one -> lentIfUsable(one, "PostgreSQL does not answer"))
          .orElseGet(() -> new LeaseResult.NotNow("PostgreSQL does not answer"));
    }
  }

  /**
   * One that was replaced serves those alone who finish what it began, and while its time lasts.
   */
  private boolean mayLease(Caller caller, Credential credential) {
    return !credential.isOver()
        && credential
            .keptUntil()
            .map(end -> caller.mayLeaseReplaced() && clock.instant().isBefore(end))
            .orElse(true);
  }

  private LeaseResult lease(Caller caller, CachedCredential one, Duration asked) {
    Credential credential = one.credential();
    if (!mayLease(caller, credential)) {
      return ended(credential);
    }
    return lasts(credential, asked)
        ? lentIfUsable(one, "it has no token")
        : switch (refresher.refresh(credential)) {
          case RefreshOutcome.Replaced(Credential now) -> now(caller, now, "it is being replaced");
          case RefreshOutcome.Kept(Credential now, String why) -> now(caller, now, why);
          case RefreshOutcome.Ended(String why) -> new LeaseResult.Ended(why);
        };
  }

  private LeaseResult now(Caller caller, Credential credential, String otherwise) {
    // It may have been replaced or erased while it was being refreshed.
    return mayLease(caller, credential)
        ? lentIfUsable(cache.open(credential), otherwise)
        : ended(credential);
  }

  private static LeaseResult ended(Credential credential) {
    return new LeaseResult.Ended(credential.history().reason().orElse("it has ended"));
  }

  private LeaseResult lentIfUsable(CachedCredential one, String otherwise) {
    Instant now = clock.instant();
    boolean isUsable = one.credential().token().life().map(life -> life.isUsable(now)).orElse(true);
    return one.token()
        .filter(there -> isUsable)
        .<LeaseResult>map(LeaseResult.Lent::new)
        .orElseGet(() -> new LeaseResult.NotNow(otherwise));
  }

  private boolean lasts(Credential credential, Duration asked) {
    Optional<TokenLife> life = credential.token().life();
    return life.isEmpty() || life.get().lasts(asked, clock.instant());
  }

  private void count(UUID id, Caller caller) {
    audit.lent(id, caller);
    Objects.requireNonNull(lent.get(caller)).increment();
  }

  private Counter answers(Caller caller, String answer) {
    return metrics.counter("cinch.lease.answers", "caller", caller.word(), "answer", answer);
  }

  @Override
  public void close() {
    looks.close();
  }
}
