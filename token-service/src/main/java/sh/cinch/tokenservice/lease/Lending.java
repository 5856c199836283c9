package sh.cinch.tokenservice.lease;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.tokenservice.caller.Caller;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.TokenLife;
import sh.cinch.tokenservice.refresh.RefreshOutcome;
import sh.cinch.tokenservice.refresh.Refresher;

/**
 * Lends access tokens. Whoever asks while the token lasts long enough waits for nobody; else for
 * one refresh, and takes what is left of the token where that fails.
 */
public final class Lending {

  private final Credentials credentials;
  private final Refresher refresher;
  private final LeaseAudit audit;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  public Lending(
      Credentials credentials,
      Refresher refresher,
      LeaseAudit audit,
      InstantSource clock,
      MeterRegistry metrics) {
    this.credentials = credentials;
    this.refresher = refresher;
    this.audit = audit;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * @param asked how long it should last at least, as far as the credential can give that
   */
  public LeaseOutcome lease(UUID id, Caller caller, Duration asked) {
    LeaseOutcome outcome =
        credentials
            .find(id)
            .map(credential -> lease(credential, asked))
            .orElseGet(LeaseOutcome.Unknown::new);
    if (outcome instanceof LeaseOutcome.Lent) {
      audit.lent(id, caller);
    }
    metrics
        .counter("cinch.lease.answers", "caller", caller.word(), "answer", word(outcome))
        .increment();
    return outcome;
  }

  private LeaseOutcome lease(Credential credential, Duration asked) {
    return switch (credential.standing().state()) {
      case HEALTHY, UNCLEAR -> lasts(credential, asked) ? lent(credential) : refreshed(credential);
      case NEEDS_AUTHORIZATION, REVOKED ->
          new LeaseOutcome.Ended(credential.standing().reason().orElse("it has ended"));
    };
  }

  private LeaseOutcome refreshed(Credential credential) {
    return switch (refresher.refresh(credential)) {
      case RefreshOutcome.Replaced(Credential now) -> lentIfUsable(now, "it is being replaced");
      case RefreshOutcome.Kept(Credential now, String why) -> lentIfUsable(now, why);
      case RefreshOutcome.Ended(String why) -> new LeaseOutcome.Ended(why);
    };
  }

  private LeaseOutcome lentIfUsable(Credential credential, String otherwise) {
    boolean isThere = credential.token().authorization().isPresent();
    Instant now = clock.instant();
    return isThere && credential.token().life().map(life -> life.isUsable(now)).orElse(true)
        ? lent(credential)
        : new LeaseOutcome.NotNow(otherwise);
  }

  private boolean lasts(Credential credential, Duration asked) {
    Optional<TokenLife> life = credential.token().life();
    return life.isEmpty() || life.get().lasts(asked, clock.instant());
  }

  private LeaseOutcome lent(Credential credential) {
    return new LeaseOutcome.Lent(
        LeaseId.of(credential),
        credentials.authorization(credential),
        credential.token().life().map(TokenLife::expiresAt));
  }

  private static String word(LeaseOutcome outcome) {
    return switch (outcome) {
      case LeaseOutcome.Lent lent -> "lent";
      case LeaseOutcome.Unknown unknown -> "unknown";
      case LeaseOutcome.Ended ended -> "ended";
      case LeaseOutcome.NotNow notNow -> "not-now";
    };
  }
}
