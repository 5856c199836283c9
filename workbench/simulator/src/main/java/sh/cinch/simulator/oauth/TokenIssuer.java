package sh.cinch.simulator.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import sh.cinch.simulator.oauth.TokenAnswer.Refused;
import sh.cinch.simulator.world.AccessToken;
import sh.cinch.simulator.world.AuthorizationCode;
import sh.cinch.simulator.world.Credentials;
import sh.cinch.simulator.world.Fresh;
import sh.cinch.simulator.world.Grant;
import sh.cinch.simulator.world.RefreshToken;
import sh.cinch.simulator.world.Settings;
import sh.cinch.simulator.world.Settings.Dialect;
import sh.cinch.simulator.world.State;

/** Decides who gets tokens. Works within the world's lock, so that a refresh is one step. */
final class TokenIssuer {
  private static final Duration UNUSED_REFRESH_TOKEN_LIFETIME = Duration.ofDays(90);
  private static final Duration UNSTATED_LIFETIME = Duration.ofHours(1);
  private static final Duration EXPIRED_TOKENS_KNOWN_FOR = Duration.ofHours(24);
  private static final int SHORT_TOKEN = 84;
  private static final int LONG_TOKEN = 2500;

  private final State state;
  private final Credentials credentials;
  private final Settings settings;
  private final OAuthClient client;
  private final Instant now;

  TokenIssuer(State state, OAuthClient client, Instant now) {
    this.state = state;
    this.credentials = state.credentials();
    this.settings = state.settings();
    this.client = client;
    this.now = now;
  }

  TokenAnswer exchange(String code, Optional<String> redirectUri) {
    Optional<AuthorizationCode> taken = credentials.take(code);
    if (taken.isEmpty() || !now.isBefore(taken.get().expiresAt())) {
      return new Refused("invalid_grant", "The specified code is not valid.");
    }
    if (!namesSameCallback(taken.get(), redirectUri)) {
      return new Refused("invalid_grant", "The redirect_uri does not match the one authorized.");
    }
    var grant = new Grant(Fresh.uuid(), taken.get().account(), Set.copyOf(client.scopes()), false);
    credentials.put(grant);
    return issue(
        "authorization_code", grant.account(), Optional.of(grant), Optional.of(newRefresh(grant)));
  }

  private boolean namesSameCallback(AuthorizationCode code, Optional<String> redirectUri) {
    return code.redirectUri().isPresent()
        ? code.redirectUri().equals(redirectUri)
        : redirectUri.map(uri -> uri.equals(client.callback().toString())).orElse(true);
  }

  TokenAnswer refresh(String value) {
    if (isLockedOut()) {
      return Refused.INVALID_CREDENTIALS;
    }
    Optional<RefreshToken> found = credentials.refreshToken(value);
    if (found.isEmpty()) {
      return new Refused("invalid_grant", "The specified refresh token is not valid.");
    }
    RefreshToken token = found.get();
    Grant grant = credentials.grant(token.grant()).orElseThrow();
    if (token.isSpent(Duration.ofSeconds(settings.refreshGraceSeconds()), now)) {
      return reused(grant);
    }
    if (grant.revoked()) {
      return Refused.INVALID_CREDENTIALS;
    }
    if (token.replacedAt().isEmpty()
        && !now.isBefore(token.issuedAt().plus(UNUSED_REFRESH_TOKEN_LIFETIME))) {
      return new Refused("invalid_grant", "The specified refresh token has expired.");
    }
    Optional<String> next =
        switch (settings.dialect()) {
          case CURRENT -> Optional.of(newRefresh(grant));
          case LEGACY -> Optional.of(value);
          case KEPT -> Optional.empty();
        };
    TokenAnswer.Issued issued = issue("refresh_token", grant.account(), Optional.of(grant), next);
    next.filter(other -> !other.equals(value))
        .ifPresent(other -> replace(token, new RefreshToken.Pair(issued.accessToken(), other)));
    return issued;
  }

  private void replace(RefreshToken token, RefreshToken.Pair by) {
    if (settings.newestRefreshTokenOnly()) {
      token.given().ifPresent(credentials::supersede);
    }
    credentials.replace(token, by, now);
  }

  private boolean isLockedOut() {
    return now.isBefore(credentials.lockedUntil());
  }

  /** A replaced token came back: one client's slip makes all its refreshes fail for a while. */
  private TokenAnswer reused(Grant grant) {
    credentials.lockUntil(now.plusSeconds(settings.lockoutSeconds()));
    if (settings.reuseKillsGrant()) {
      credentials.revoke(grant::equals);
    }
    return Refused.INVALID_CREDENTIALS;
  }

  /** The client for itself, which gets no refresh token any more. */
  TokenAnswer clientCredentials() {
    if (!settings.clientIsPrivate()) {
      return Refused.PUBLIC_CLIENT;
    }
    if (settings.lockoutHoldsClientCredentials() && isLockedOut()) {
      return Refused.INVALID_CREDENTIALS;
    }
    return issue(
        "client_credentials", state.clientUser().uuid(), Optional.empty(), Optional.empty());
  }

  private String newRefresh(Grant grant) {
    var token = new RefreshToken(newToken(), grant.id(), now);
    credentials.issue(token);
    return token.value();
  }

  private TokenAnswer.Issued issue(
      String grantType, String account, Optional<Grant> grant, Optional<String> refreshToken) {
    Optional<Integer> expiresIn =
        Optional.of(settings.accessTokenSeconds()).filter(seconds -> seconds > 0);
    Duration lifetime = expiresIn.map(Duration::ofSeconds).orElse(UNSTATED_LIFETIME);
    var token =
        new AccessToken(
            newToken(),
            AccessToken.Kind.OAUTH,
            account,
            Set.copyOf(client.scopes()),
            "client " + client.id(),
            grant.map(Grant::id),
            Optional.of(now.plus(lifetime)),
            Optional.empty());
    credentials.forgetExpired(now.minus(EXPIRED_TOKENS_KNOWN_FOR));
    credentials.issue(token);
    return new TokenAnswer.Issued(
        grantType, token.value(), refreshToken, expiresIn, client.scopes());
  }

  private String newToken() {
    return Fresh.token(settings.dialect() == Dialect.LEGACY ? SHORT_TOKEN : LONG_TOKEN);
  }
}
