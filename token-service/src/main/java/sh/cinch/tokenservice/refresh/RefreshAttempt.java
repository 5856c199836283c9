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
import sh.cinch.service.budget.RequestBudget;
import sh.cinch.service.due.BackOff;
import sh.cinch.service.secret.Secret;
import sh.cinch.tokenservice.client.Admission;
import sh.cinch.tokenservice.client.OAuthClientHealth;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.FreshToken;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/** One call to the token endpoint for a credential that is claimed, and what it means. */
record RefreshAttempt(
    Credentials credentials,
    BitbucketCloud bitbucket,
    OAuthClientHealth client,
    Unsaved unsaved,
    RequestBudget budget,
    InstantSource clock,
    MeterRegistry metrics) {

  private static final Logger log = LoggerFactory.getLogger(RefreshAttempt.class);

  /**
   * A try whose answer was lost may have rotated the refresh token; the old one works for some ten
   * minutes more, so the pause stays well below.
   */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  RefreshOutcome make(Credential claimed, Secret refreshToken, Admission.Leave leave) {
    Instant askedAt = clock.instant();
    return switch (bitbucket.oauth().refresh(new OpaqueToken(refreshToken.reveal()))) {
      case TokenAnswer.Granted(TokenPair pair) ->
          granted(claimed, FreshToken.of(pair, askedAt), leave);
      case TokenAnswer.Throttled(Optional<Duration> retryAfter) -> throttled(claimed, retryAfter);
      case TokenAnswer.Unclear(String what, boolean mayHaveHappened) ->
          unclear(claimed, askedAt, what, mayHaveHappened);
      case TokenAnswer.RefusedGrant(String error, String description) ->
          refused(claimed, BitbucketCloud.quoted(error, description), leave.clear(), true);
      case TokenAnswer.RefusedEither(String error, String description) ->
          refused(claimed, BitbucketCloud.quoted(error, description), leave.clear(), false);
      case TokenAnswer.RefusedClient(String error, String description) ->
          refusedClient(claimed, BitbucketCloud.quoted(error, description));
    };
  }

  /** There is nothing to try with. */
  RefreshOutcome impossible(Credential credential) {
    return settle(
        credential.condemned(
            "Bitbucket gave no refresh token with it. Authorize Bitbucket again."));
  }

  /** Little hangs on one that another took the place of: its first refusal ends it. */
  private RefreshOutcome refusedKept(Credential claimed, String says) {
    return settle(claimed.condemned(says));
  }

  /** Another client's grant cannot be refreshed with ours, which may be set wrongly just now. */
  RefreshOutcome ofAnotherClient(Credential credential, String theirs) {
    metrics.counter("cinch.oauth.client.refused").increment();
    log.error(
        "credential={} was authorized for the OAuth client {}, and Cinch runs as {}: look at"
            + " CINCH_BITBUCKET_CLIENT_ID",
        credential.id(),
        theirs,
        bitbucket.clientId());
    if (credential.isKept()) {
      return refusedKept(credential, "it was authorized for another OAuth client");
    }
    return settle(
        credential.hindered(
            "It was authorized for another OAuth client than Cinch has now. Whoever runs Cinch has"
                + " to look at the client's id; if the change is meant, authorize Bitbucket again.",
            clock.instant().plus(OAuthClientHealth.afterLockout())));
  }

  /** In its row before anybody uses it: a crash from here on loses nothing. */
  private RefreshOutcome granted(Credential claimed, FreshToken token, Admission.Leave leave) {
    count("granted");
    Optional<Credential> replaced = unsaved.save(claimed, token);
    switch (leave) {
      case Admission.Turn turn -> client.granted(token.madeAt());
      // Nothing stood against the client when this was asked for.
      case Admission.Free free -> {}
    }
    return replaced
        .<RefreshOutcome>map(RefreshOutcome.Replaced::new)
        .orElseGet(() -> asItIsNow(claimed));
  }

  private RefreshOutcome throttled(Credential claimed, Optional<Duration> retryAfter) {
    count("throttled");
    Duration pause =
        retryAfter
            .map(RefreshAttempt::asAsked)
            .orElseGet(() -> afterFailure(claimed.history().failures()));
    budget.close(pause);
    return settle(
        claimed.postponed(clock.instant().plus(pause)), "Bitbucket answers 429: too many requests");
  }

  /**
   * With the same refresh token again: where it was rotated away, its grace covers the next try.
   */
  private RefreshOutcome unclear(
      Credential claimed, Instant askedAt, String what, boolean mayHaveHappened) {
    count("unclear");
    log.warn(
        "credential={} not refreshed, mayHaveHappened={}: {}", claimed.id(), mayHaveHappened, what);
    Instant next = clock.instant().plus(afterFailure(claimed.history().failures()));
    return settle(
        mayHaveHappened ? claimed.unanswered(askedAt, next) : claimed.postponed(next), what);
  }

  /**
   * The first time it may be anything. The second time, under watch, it is the grant: unless
   * Bitbucket used words that it has for broken clients too, and the client could not be proven.
   */
  private RefreshOutcome refused(
      Credential claimed, String says, boolean clear, boolean namesTheGrant) {
    count("refused");
    boolean isSecond = claimed.history().refusals() > 0;
    if (clear && isSecond) {
      client.refusedClearly(claimed.id(), says);
    } else {
      client.refused(claimed.id(), says);
    }
    if (claimed.isKept()) {
      return refusedKept(claimed, says);
    }
    if (!isSecond) {
      return settle(
          claimed.doubted(
              Reasons.refusedOnce(says, claimed),
              Optional.of(clock.instant().plus(OAuthClientHealth.afterLockout()))));
    }
    return settle(
        clear || namesTheGrant
            ? claimed.condemned(Reasons.refusedTwice(says, claimed))
            : claimed.doubted(Reasons.cannotBeTold(says), Optional.empty()));
  }

  private RefreshOutcome refusedClient(Credential claimed, String says) {
    count("refused-client");
    client.refusedItself(says);
    return settle(
        claimed.hindered(
            Reasons.clientRefused(says), clock.instant().plus(OAuthClientHealth.afterLockout())));
  }

  /**
   * @param failures in a row, before this one
   */
  static Duration afterFailure(int failures) {
    return BackOff.atMost(LONGEST_PAUSE, failures + 1);
  }

  static Duration asAsked(Duration retryAfter) {
    return retryAfter.compareTo(LONGEST_PAUSE) < 0 ? retryAfter : LONGEST_PAUSE;
  }

  private RefreshOutcome settle(Credential changed) {
    return settle(changed, "not refreshed");
  }

  private RefreshOutcome settle(Credential changed, String why) {
    return credentials
        .save(changed)
        .map(saved -> RefreshOutcome.of(saved, why))
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
}
