package sh.cinch.tokenservice.acquire;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
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
import sh.cinch.tokenservice.client.OAuthClientHealth;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.FreshToken;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/** The end of an OAuth round trip: the code becomes a grant, and the grant somebody's. */
public final class CodeExchange {

  private static final Logger log = LoggerFactory.getLogger(CodeExchange.class);
  private static final String AGAIN = " Start again with Add Bitbucket.";

  private final BitbucketCloud bitbucket;
  private final Credentials credentials;
  private final OAuthClientHealth client;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  public CodeExchange(
      BitbucketCloud bitbucket,
      Credentials credentials,
      OAuthClientHealth client,
      InstantSource clock,
      MeterRegistry metrics) {
    this.bitbucket = bitbucket;
    this.credentials = credentials;
    this.client = client;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * @param redirectUri exactly the one that the person was sent away with
   */
  public Acquisition exchange(Secret code, URI redirectUri) {
    Instant askedAt = clock.instant();
    return switch (bitbucket.oauth().exchange(new OpaqueToken(code.reveal()), redirectUri)) {
      case TokenAnswer.Granted(TokenPair pair) -> {
        client.granted(askedAt);
        yield identify(FreshToken.of(pair, askedAt));
      }
      case TokenAnswer.RefusedGrant(String error, String description) ->
          refusedCode(BitbucketCloud.quoted(error, description), redirectUri);
      // No grant is at stake yet: whichever it is, somebody has to look at how Cinch is set up.
      case TokenAnswer.RefusedEither(String error, String description) ->
          refusedCode(BitbucketCloud.quoted(error, description), redirectUri);
      case TokenAnswer.RefusedClient(String error, String description) ->
          refusedClient(BitbucketCloud.quoted(error, description));
      case TokenAnswer.Throttled(Optional<Duration> retryAfter) ->
          new Acquisition.NotNow("Bitbucket answers 429: too many requests." + AGAIN);
      case TokenAnswer.Unclear(String what, boolean mayHaveHappened) ->
          new Acquisition.NotNow("Bitbucket gave no usable answer: " + what + "." + AGAIN);
    };
  }

  private static Acquisition refusedCode(String says, URI redirectUri) {
    return new Acquisition.Refused(
        "Bitbucket did not take the code (%s). A code is good once and for a short time, and only with the callback address that is registered with the OAuth client, which must be exactly %s.%s"
            .formatted(says, redirectUri, AGAIN));
  }

  private Acquisition refusedClient(String says) {
    metrics.counter("cinch.oauth.client.refused").increment();
    log.error(
        "Bitbucket refuses Cinch's OAuth client {}: {}. Look at CINCH_BITBUCKET_CLIENT_ID and"
            + " CINCH_BITBUCKET_CLIENT_SECRET",
        bitbucket.clientId(),
        says);
    return new Acquisition.Refused(
        "Bitbucket does not accept Cinch's OAuth client (%s). Whoever runs Cinch has to look at CINCH_BITBUCKET_CLIENT_ID and CINCH_BITBUCKET_CLIENT_SECRET."
            .formatted(says));
  }

  private Acquisition identify(FreshToken token) {
    return Acquisition.of(
        bitbucket.probe(Credential.identityOf(bitbucket.clientId()), token.authorization()).owner(),
        owner -> credentials.storeGrant(BitbucketCloud.NAME, bitbucket.clientId(), owner, token),
        why ->
            "Bitbucket does not tell whose authorization this is: %s. The OAuth client needs the scopes account, repository, repository:write and webhook."
                .formatted(why),
        AGAIN);
  }
}
