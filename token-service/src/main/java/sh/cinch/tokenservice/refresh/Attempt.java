package sh.cinch.tokenservice.refresh;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.OpaqueToken;
import sh.cinch.bitbucket.oauth.TokenAnswer;
import sh.cinch.bitbucket.oauth.TokenPair;
import sh.cinch.service.secret.Secret;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.FreshToken;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/** One call to the token endpoint for a credential that is claimed, and what it means. */
final class Attempt {

  private static final Logger log = LoggerFactory.getLogger(Attempt.class);

  /** The first refusal may be the client's lockout; the second, spaced, is the grant's. */
  private static final int REFUSALS_THAT_END_A_GRANT = 2;

  private final Credentials credentials;
  private final BitbucketCloud bitbucket;
  private final ClientStanding client;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  Attempt(
      Credentials credentials,
      BitbucketCloud bitbucket,
      ClientStanding client,
      InstantSource clock,
      MeterRegistry metrics) {
    this.credentials = credentials;
    this.bitbucket = bitbucket;
    this.client = client;
    this.clock = clock;
    this.metrics = metrics;
  }

  RefreshOutcome make(Credential claimed, Secret refreshToken) {
    Instant askedAt = clock.instant();
    return switch (bitbucket.oauth().refresh(new OpaqueToken(refreshToken.reveal()))) {
      case TokenAnswer.Granted(TokenPair pair) -> granted(claimed, FreshToken.of(pair, askedAt));
      case TokenAnswer.Throttled(Optional<Duration> retryAfter) -> throttled(claimed, retryAfter);
      case TokenAnswer.Unclear(String what, boolean mayHaveHappened) ->
          unclear(claimed, what, mayHaveHappened);
      case TokenAnswer.RefusedGrant(String error, String description) ->
          refusedGrant(claimed, quoted(error, description));
      case TokenAnswer.RefusedClient(String error, String description) ->
          refusedClient(claimed, quoted(error, description));
    };
  }

  /** There is nothing to try with. */
  RefreshOutcome impossible(Credential credential) {
    return settle(
        credential.condemned(
            "Bitbucket gave no refresh token with it. Authorize Bitbucket again."));
  }

  /** In its row before anybody uses it: a crash from here on loses nothing. */
  private RefreshOutcome granted(Credential claimed, FreshToken token) {
    client.granted();
    count("granted");
    return credentials
        .replace(claimed, token)
        .<RefreshOutcome>map(RefreshOutcome.Replaced::new)
        .orElseGet(() -> asItIsNow(claimed));
  }

  private RefreshOutcome throttled(Credential claimed, Optional<Duration> retryAfter) {
    count("throttled");
    Duration pause =
        retryAfter
            .map(Pauses::asAsked)
            .orElseGet(() -> Pauses.afterFailure(claimed.standing().failures()));
    return postponed(claimed, "Bitbucket answers 429: too many requests", pause);
  }

  private RefreshOutcome unclear(Credential claimed, String what, boolean mayHaveHappened) {
    count("unclear");
    log.warn(
        "credential={} not refreshed, mayHaveHappened={}: {}", claimed.id(), mayHaveHappened, what);
    // With the same refresh token again: where it was rotated away, its grace covers the next try.
    return postponed(claimed, what, Pauses.afterFailure(claimed.standing().failures()));
  }

  private RefreshOutcome postponed(Credential claimed, String why, Duration pause) {
    return credentials
        .save(claimed.postponed(clock.instant().plus(pause)))
        .<RefreshOutcome>map(saved -> new RefreshOutcome.Kept(saved, why))
        .orElseGet(() -> asItIsNow(claimed));
  }

  private RefreshOutcome refusedGrant(Credential claimed, String says) {
    count("refused-grant");
    if (!client.refused(claimed.id())) {
      return settle(
          claimed.doubted(
              "Bitbucket refuses several authorizations at once (%s): the fault may lie with this one or with Cinch's OAuth client. Cinch keeps trying."
                  .formatted(says),
              false,
              clock.instant().plus(Pauses.afterRefusal())));
    }
    if (claimed.standing().refusals() + 1 < REFUSALS_THAT_END_A_GRANT) {
      return settle(
          claimed.doubted(
              "Bitbucket refused to refresh it (%s): the authorization may have been withdrawn, or Bitbucket refuses Cinch's OAuth client for a while. Cinch tries once more in a few minutes."
                  .formatted(says),
              true,
              clock.instant().plus(Pauses.afterRefusal())));
    }
    return settle(
        claimed.condemned(
            "Bitbucket refused to refresh it twice, minutes apart (%s): the authorization was withdrawn or has expired. Authorize Bitbucket again."
                .formatted(says)));
  }

  private RefreshOutcome refusedClient(Credential claimed, String says) {
    count("refused-client");
    metrics.counter("cinch.oauth.client.refused").increment();
    if (client.refused(claimed.id())) {
      log.error(
          "Bitbucket refuses Cinch's OAuth client {}: {}. Look at CINCH_BITBUCKET_CLIENT_ID and"
              + " CINCH_BITBUCKET_CLIENT_SECRET",
          bitbucket.clientId(),
          says);
    }
    return settle(
        claimed.doubted(
            "Bitbucket does not accept Cinch's OAuth client (%s), so nothing can be said about this authorization. Whoever runs Cinch has to look at the client's id and secret."
                .formatted(says),
            false,
            clock.instant().plus(Pauses.afterRefusal())));
  }

  private RefreshOutcome settle(Credential changed) {
    return credentials
        .save(changed)
        .map(saved -> RefreshOutcome.of(saved, "not refreshed"))
        .orElseGet(() -> asItIsNow(changed));
  }

  /** Somebody else changed the row while we waited for the answer: theirs is newer. */
  private RefreshOutcome asItIsNow(Credential seen) {
    return credentials
        .find(seen.id())
        .map(
            now ->
                now.token().version() == seen.token().version()
                    ? RefreshOutcome.of(now, "somebody else is refreshing it")
                    : new RefreshOutcome.Replaced(now))
        .orElseGet(() -> new RefreshOutcome.Ended("there is no such credential"));
  }

  private void count(String answer) {
    metrics.counter("cinch.refresh.answers", "answer", answer).increment();
  }

  private static String quoted(String error, String description) {
    return description.isBlank() ? error : error + ": " + description;
  }
}
