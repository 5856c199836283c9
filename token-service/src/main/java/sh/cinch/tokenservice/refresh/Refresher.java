package sh.cinch.tokenservice.refresh;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.budget.RequestBudget;
import sh.cinch.service.due.BackOff;
import sh.cinch.service.due.Step;
import sh.cinch.service.secret.Secret;
import sh.cinch.tokenservice.cache.CachedCredential;
import sh.cinch.tokenservice.cache.CredentialCache;
import sh.cinch.tokenservice.client.Admission;
import sh.cinch.tokenservice.client.OAuthClientHealth;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.flight.SingleFlight;
import sh.cinch.tokenservice.forge.BitbucketCloud;
import sh.cinch.tokenservice.notification.ChangeNotifications;

/**
 * Gets a credential another access token: once, however many ask for it at the same time. Callers
 * on one instance share a flight, instances exclude each other by a claim on the row, and a claim
 * whose holder died is somebody else's after one refresh's time.
 *
 * <pre>
 *   refresh ──► Look at the row ◄───────────────────────┬──────────────────────┐
 *                 │                                     │ credential changed   │ turn given back
 *                 ├─ claimed by another instance ─► Elsewhere                  │
 *                 ├─ replaced, over, or not due again ─► Done                  │
 *                 ▼                                                            │
 *             Admission ─── Taken ─────────────────────────────────────────► Queued
 *                 ├─ Later ─► Done: kept until then
 *                 ▼ Free, or Turn: one at a time while the client is in doubt
 *              claim ─── lost ─► Elsewhere
 *                 ▼
 *           RefreshAttempt ─ granted ─► Unsaved until PostgreSQL has it ─► Done: Replaced
 *                 ├─ throttled, unclear ─► Done: Kept, with the same refresh token later
 *                 └─ refused ─► Done: Kept the first time, Ended the second
 * </pre>
 *
 * What lies in the row meanwhile is {@link sh.cinch.tokenservice.credential.Refreshing}.
 */
public final class Refresher implements AutoCloseable {

  /** Outlives the call it covers, and the writing down of its answer. */
  public static final Duration CLAIM = BitbucketCloud.PATIENCE.plusSeconds(5);

  /** A notification wakes who waits; this is for when a holder died, or none is heard. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private final Credentials credentials;
  private final CredentialCache cache;
  private final ChangeNotifications notifications;
  private final BitbucketCloud bitbucket;
  private final OAuthClientHealth client;
  private final Unsaved unsaved;
  private final RefreshAttempt attempt;
  private final InstantSource clock;
  private final SingleFlight<RefreshOutcome> flights = new SingleFlight<>();

  public Refresher(
      Credentials credentials,
      CredentialCache cache,
      ChangeNotifications notifications,
      BitbucketCloud bitbucket,
      OAuthClientHealth client,
      RequestBudget budget,
      InstantSource clock,
      MeterRegistry metrics) {
    this.credentials = credentials;
    this.cache = cache;
    this.notifications = notifications;
    this.bitbucket = bitbucket;
    this.client = client;
    this.unsaved = new Unsaved(credentials);
    this.attempt =
        new RefreshAttempt(credentials, bitbucket, client, unsaved, budget, clock, metrics);
    this.clock = clock;
  }

  /** Tries again to write down what PostgreSQL could not take. */
  public Step unsaved() {
    return unsaved;
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
    try (ChangeNotifications.Subscription credential =
            notifications.subscribe(seen.id().toString());
        ChangeNotifications.Subscription turns = notifications.subscribe(client.subject())) {
      while (true) {
        switch (look(seen)) {
          case Look.Done(RefreshOutcome outcome) -> {
            return outcome;
          }
          case Look.Elsewhere() -> credential.await(BETWEEN_LOOKS);
          case Look.Queued() -> turns.await(BETWEEN_LOOKS);
        }
        if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
          return RefreshOutcome.of(seen, "it is being refreshed, which takes long");
        }
      }
    }
  }

  /** The next step, as the row is now. */
  private sealed interface Look {
    record Done(RefreshOutcome outcome) implements Look {}

    /** Another instance has claimed it. */
    record Elsewhere() implements Look {}

    /** Another credential's refresh has the turn. */
    record Queued() implements Look {}
  }

  private Look look(Credential seen) {
    unsaved.settle(seen.id());
    Optional<Credential> found = cache.look(seen.id()).map(CachedCredential::credential);
    if (found.isEmpty()) {
      return new Look.Done(new RefreshOutcome.Ended("there is no such credential"));
    }
    Credential now = found.get();
    Instant time = clock.instant();
    if (now.token().version() != seen.token().version()) {
      return new Look.Done(new RefreshOutcome.Replaced(now));
    }
    if (now.isOver() || !now.mayBeTried(time)) {
      return new Look.Done(
          RefreshOutcome.of(now, "Bitbucket did not answer; Cinch tries again shortly"));
    }
    if (now.isBeingRefreshed(time)) {
      return new Look.Elsewhere();
    }
    Optional<String> otherClient = now.client().filter(id -> !id.equals(bitbucket.clientId()));
    if (otherClient.isPresent()) {
      return new Look.Done(
          isWaiting(now, time)
              ? RefreshOutcome.of(now, "it belongs to another OAuth client")
              : attempt.ofAnotherClient(now, otherClient.get()));
    }
    // Opened before the claim: a ciphertext that does not open must not leave one behind.
    Optional<Secret> refreshToken = credentials.refreshToken(now);
    return refreshToken.isEmpty()
        ? new Look.Done(attempt.impossible(now))
        : admitted(now, refreshToken.get());
  }

  /** It has been said what is wrong, and when to look again. */
  private static boolean isWaiting(Credential credential, Instant now) {
    return credential.history().state() == State.UNCLEAR
        && credential.refreshing().dueAt().filter(now::isBefore).isPresent();
  }

  private Look admitted(Credential now, Secret refreshToken) {
    return switch (client.admit(now)) {
      case Admission.Free free -> claimed(now, refreshToken, free);
      case Admission.Taken() -> new Look.Queued();
      case Admission.Turn turn -> {
        try {
          yield claimed(now, refreshToken, turn);
        } finally {
          client.leave();
        }
      }
      case Admission.Later(Instant at, String why) -> new Look.Done(later(now, at, why));
    };
  }

  private Look claimed(Credential now, Secret refreshToken, Admission.Leave leave) {
    return credentials
        .claim(now, CLAIM)
        .<Look>map(claimed -> new Look.Done(made(claimed, refreshToken, leave)))
        .orElseGet(Look.Elsewhere::new);
  }

  private RefreshOutcome made(Credential claimed, Secret refreshToken, Admission.Leave leave) {
    RefreshOutcome outcome = attempt.make(claimed, refreshToken, leave);
    if (outcome instanceof RefreshOutcome.Replaced(Credential now)) {
      cache.learn(now);
    }
    return outcome;
  }

  /**
   * Nothing has been tried, so nothing is known against it. Where its token has ended meanwhile
   * calls fail all the same, and people should see why.
   */
  private RefreshOutcome later(Credential now, Instant at, String why) {
    boolean isDue = now.refreshing().dueAt().filter(at::isAfter).isPresent();
    boolean isUsable = now.token().life().map(life -> life.isUsable(clock.instant())).orElse(true);
    if (!isUsable && now.history().state() == State.HEALTHY) {
      return RefreshOutcome.of(credentials.save(now.hindered(why, soonAfter(at))).orElse(now), why);
    }
    Credential after = isDue ? credentials.save(now.due(soonAfter(at))).orElse(now) : now;
    return RefreshOutcome.of(after, why);
  }

  private static Instant soonAfter(Instant time) {
    return time.plus(BackOff.spread(Duration.ZERO, Duration.ofMinutes(1)));
  }

  /** Waits for what has been asked of the forge: its answer may hold the only valid token. */
  @Override
  public void close() {
    flights.close();
  }
}
