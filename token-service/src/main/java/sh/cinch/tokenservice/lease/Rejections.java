package sh.cinch.tokenservice.lease;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.Kind;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/**
 * Judges reports that the forge answered 401 to a lease. It says so of expired and revoked tokens,
 * and also of good ones that lack a scope.
 */
public final class Rejections {

  private static final Logger log = LoggerFactory.getLogger(Rejections.class);

  /** A token refused this soon has not expired: another one would fare no better. */
  private static final Duration JUST_MADE = Duration.ofSeconds(60);

  private final Credentials credentials;
  private final BitbucketCloud bitbucket;
  private final InstantSource clock;
  private final Runnable due;
  private final MeterRegistry metrics;

  /**
   * @param due called where a credential has become due
   */
  public Rejections(
      Credentials credentials,
      BitbucketCloud bitbucket,
      InstantSource clock,
      Runnable due,
      MeterRegistry metrics) {
    this.credentials = credentials;
    this.bitbucket = bitbucket;
    this.clock = clock;
    this.due = due;
    this.metrics = metrics;
  }

  /**
   * @return whether there is such a credential
   */
  public boolean report(UUID id, UUID leaseId) {
    Optional<Credential> found = credentials.find(id);
    found.ifPresent(
        credential -> {
          String verdict = judge(credential, leaseId);
          log.info("credential={} lease rejected, verdict={}", id, verdict);
          metrics.counter("cinch.lease.rejections", "verdict", verdict).increment();
        });
    return found.isPresent();
  }

  private String judge(Credential credential, UUID leaseId) {
    if (!leaseId.equals(credential.leaseId())
        || credential.isBeingRefreshed(clock.instant())
        || credential.isOver()) {
      return "stale";
    }
    return credential.kind() == Kind.OAUTH ? judgeGrant(credential) : judgePasted(credential);
  }

  private String judgeGrant(Credential credential) {
    Instant now = clock.instant();
    boolean isUnderDoubt = credential.history().state() == State.UNCLEAR;
    boolean isJustMade =
        now.isBefore(credential.token().madeAt().plus(JUST_MADE))
            && credential.token().life().map(life -> life.isUsable(now)).orElse(true);
    if (isJustMade || (isUnderDoubt && credential.history().failures() == 0)) {
      credentials.save(
          credential.questioned(
              "Bitbucket refused a token that it had just made. That is no matter of age: it may"
                  + " lack a scope, or its account access to the repository."));
      return "just-made";
    }
    credentials.save(credential.expired(now)).ifPresent(saved -> due.run());
    return "true";
  }

  /** It cannot be replaced, so one report is not enough: Bitbucket is asked itself. */
  private String judgePasted(Credential credential) {
    if (credential.repository().map(repository -> works(credential, repository)).orElse(true)) {
      return "unconfirmed";
    }
    credentials.save(
        credential.condemned(
            "Bitbucket no longer takes this token: it was revoked or has expired. Make a new one"
                + " and connect the repository with it."));
    return "true";
  }

  private boolean works(Credential credential, ForgeRepository repository) {
    return !bitbucket
        .probe(credential.identity(), credentials.authorization(credential))
        .find(repository)
        .isRejected();
  }
}
