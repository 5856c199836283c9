package sh.cinch.ingress.forge;

import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.util.UUID;
import java.util.function.Function;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.service.http.Problem;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.lease.LeaseResult;
import sh.cinch.service.lease.Leases;

/** Asks Bitbucket in the name of a credential, with a token that is lent for it. */
public final class Forge {

  private static final int UNAUTHORIZED = 401;
  private static final String AUTHORIZATION_NEEDED = "Authorization needed";

  private final WebClient web;
  private final URI api;
  private final Leases leases;

  public Forge(WebClient web, URI api, Leases leases) {
    this.web = web;
    this.api = api;
    this.leases = leases;
  }

  /**
   * A token that Bitbucket refuses is given back, and the call made once more with a fresh one.
   *
   * @throws Problem where no token is to be had
   */
  public <T> Answer<T> ask(UUID credential, Function<BitbucketClient, Answer<T>> call) {
    Lease lease = lease(credential);
    Answer<T> answer = call.apply(client(lease));
    if (!(answer instanceof Answer.Refused<T> refused) || refused.status() != UNAUTHORIZED) {
      return answer;
    }
    leases.reject(credential, lease);
    return call.apply(client(lease(credential)));
  }

  /** Whether it was refused because only a person can mend the credential. */
  public static boolean needsAuthorization(Problem problem) {
    return problem.title().equals(AUTHORIZATION_NEEDED);
  }

  private BitbucketClient client(Lease lease) {
    return new BitbucketClient(web, api, () -> lease.authorization().reveal());
  }

  private Lease lease(UUID credential) {
    return switch (leases.lease(credential)) {
      case LeaseResult.Lent(Lease lease) -> lease;
      case LeaseResult.NeedsAuthorization(String reason) ->
          throw new Problem(
              409,
              AUTHORIZATION_NEEDED,
              "Bitbucket no longer accepts this authorization (%s). Add Bitbucket again, or connect with a new token."
                  .formatted(reason));
      case LeaseResult.Unknown() ->
          throw new Problem(
              409,
              AUTHORIZATION_NEEDED,
              "This authorization was removed. Add Bitbucket again, or connect with a new token.");
      case LeaseResult.NotNow(String reason) ->
          throw new Problem(503, "Not now", "No access token is to be had now: " + reason);
    };
  }
}
