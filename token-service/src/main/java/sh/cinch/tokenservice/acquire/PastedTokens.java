package sh.cinch.tokenservice.acquire;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.Repository;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.client.User;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.Account;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.FreshToken;
import sh.cinch.tokenservice.credential.Kind;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/** Takes in a pasted token, once it has shown its repository. */
public final class PastedTokens {

  private static final String KINDS =
      "Cinch takes a repository, project or workspace access token, or an API token together with"
          + " the e-mail address of its Atlassian account. It needs the scopes repository and"
          + " webhook, and repository:write for releases.";

  private static final String APP_PASSWORD =
      "This is an app password, and Bitbucket takes none since 28 July 2026. " + KINDS;

  private final BitbucketCloud bitbucket;
  private final Credentials credentials;
  private final InstantSource clock;

  public PastedTokens(BitbucketCloud bitbucket, Credentials credentials, InstantSource clock) {
    this.bitbucket = bitbucket;
    this.credentials = credentials;
    this.clock = clock;
  }

  public Acquisition take(PastedToken pasted) {
    if (pasted.isAppPassword()) {
      return new Acquisition.Refused(APP_PASSWORD);
    }
    if (!pasted.isWhole()) {
      return new Acquisition.Refused(
          "No token of Bitbucket has spaces or such characters in it: was it copied whole, and"
              + " alone? "
              + KINDS);
    }
    if (pasted.expiresAt().filter(end -> !end.isAfter(clock.instant())).isPresent()) {
      return new Acquisition.Refused(
          "The token is said to have expired already, at %s. Leave the time out if it is not known."
              .formatted(pasted.expiresAt().get()));
    }
    Secret authorization = pasted.authorization();
    BitbucketClient api = bitbucket.api(authorization);
    RepositoryAddress address = pasted.repository();
    // Never /user: access tokens belong to a repository and cannot see an account.
    return switch (api.repository(address)) {
      case Answer.Ok<Repository>(Repository found, int status) -> hold(pasted, authorization, api);
      case Answer.Refused<Repository>(int status, ApiError error) ->
          new Acquisition.Refused(why(status, error, address) + " " + KINDS);
      case Answer.RateLimited<Repository>(Optional<Duration> retryAfter) ->
          new Acquisition.NotNow("Bitbucket answers 429: too many requests. Try again later.");
      case Answer.Unavailable<Repository> unavailable ->
          new Acquisition.NotNow("Bitbucket gave no usable answer. Try again later.");
    };
  }

  private Acquisition hold(PastedToken pasted, Secret authorization, BitbucketClient api) {
    Set<String> scopes = ProvenScopes.of(api, pasted.kind(), pasted.repository());
    return new Acquisition.Held(
        credentials.storePasted(
            pasted.kind(),
            BitbucketCloud.NAME,
            pasted.repository(),
            account(pasted.kind(), api),
            FreshToken.pasted(authorization, clock.instant(), pasted.expiresAt(), scopes)));
  }

  /** An API token is a person's; it need not have the scope to say whose. */
  private static Optional<Account> account(Kind kind, BitbucketClient api) {
    return switch (kind) {
      case OAUTH, ACCESS_TOKEN -> Optional.empty();
      case API_TOKEN ->
          api.user() instanceof Answer.Ok<User>(User user, int status)
              ? Optional.of(new Account(user.uuid(), user.displayName()))
              : Optional.empty();
    };
  }

  private static String why(int status, ApiError error, RepositoryAddress address) {
    return switch (status) {
      case 401 -> "Bitbucket does not accept this token (401: %s).".formatted(error.message());
      case 403 ->
          "This token may not read %s; it has the scopes %s."
              .formatted(address, error.grantedScopes().isEmpty() ? "?" : error.grantedScopes());
      case 404 ->
          "Bitbucket shows this token no repository %s: is the name right, and the token made for it?"
              .formatted(address);
      default ->
          "Bitbucket refused to show %s to this token (%d: %s)."
              .formatted(address, status, error.message());
    };
  }
}
