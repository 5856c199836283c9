package sh.cinch.tokenservice.refresh;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import sh.cinch.service.secret.Secret;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/**
 * Gets a credential another access token: once, however many ask for it at the same time. Callers
 * on one instance share a flight, instances exclude each other by a claim on the row, and a claim
 * whose holder died is somebody else's after one refresh's time.
 */
public final class Refresher implements AutoCloseable {

  /** Outlives the call it covers, and the writing down of its answer. */
  private static final Duration CLAIM = BitbucketCloud.PATIENCE.plusSeconds(5);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);

  private final Credentials credentials;
  private final InstantSource clock;
  private final ClientStanding client = new ClientStanding();
  private final Attempt attempt;
  private final Flights<RefreshOutcome> flights = new Flights<>();

  public Refresher(
      Credentials credentials,
      BitbucketCloud bitbucket,
      InstantSource clock,
      MeterRegistry metrics) {
    this.credentials = credentials;
    this.clock = clock;
    this.attempt = new Attempt(credentials, bitbucket, client, clock, metrics);
  }

  /**
   * Blocks for one refresh's time at most.
   *
   * @param seen the credential whose token is to be replaced: where that has happened meanwhile,
   *     nothing is asked of the forge
   */
  public RefreshOutcome refresh(Credential seen) {
    return flights.share(seen.id(), () -> fly(seen));
  }

  private RefreshOutcome fly(Credential seen) {
    // By the machine's own time: a claim that is not given back must not be waited for for ever.
    long end = System.nanoTime() + CLAIM.toNanos();
    do {
      Optional<Credential> found = credentials.find(seen.id());
      if (found.isEmpty()) {
        return new RefreshOutcome.Ended("there is no such credential");
      }
      Credential now = found.get();
      if (now.token().version() != seen.token().version()) {
        return new RefreshOutcome.Replaced(now);
      }
      if (isOver(now) || !now.mayBeTried(clock.instant())) {
        return RefreshOutcome.of(now, "Bitbucket did not answer; Cinch tries again shortly");
      }
      if (!now.isBeingRefreshed(clock.instant())) {
        Optional<RefreshOutcome> outcome = inTurn(now);
        if (outcome.isPresent()) {
          return outcome.get();
        }
      }
    } while (System.nanoTime() < end && rested());
    return RefreshOutcome.of(seen, "it is being refreshed, which takes long");
  }

  /** Empty where somebody else was faster. */
  private Optional<RefreshOutcome> inTurn(Credential now) {
    Optional<ClientStanding.Turn> turn = client.turn(BitbucketCloud.PATIENCE);
    if (turn.isEmpty()) {
      return Optional.of(RefreshOutcome.of(now, "Bitbucket has refused us; one refresh at a time"));
    }
    try (ClientStanding.Turn mine = turn.get()) {
      // Opened before the claim: a ciphertext that does not open must not leave one behind.
      Optional<Secret> refreshToken = credentials.refreshToken(now);
      if (refreshToken.isEmpty()) {
        return Optional.of(attempt.impossible(now));
      }
      return credentials
          .claim(now, clock.instant().plus(CLAIM))
          .map(claimed -> attempt.make(claimed, refreshToken.get()));
    }
  }

  private static boolean isOver(Credential credential) {
    return switch (credential.standing().state()) {
      case HEALTHY, UNCLEAR -> false;
      case NEEDS_AUTHORIZATION, REVOKED -> true;
    };
  }

  private static boolean rested() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Waits for what has been asked of the forge: its answer may hold the only valid token. */
  @Override
  public void close() {
    flights.close();
  }
}
