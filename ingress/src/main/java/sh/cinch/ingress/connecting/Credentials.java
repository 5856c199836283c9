package sh.cinch.ingress.connecting;

import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.credential.RetryResult;
import sh.cinch.ingress.connecting.credential.StoreResult;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.service.http.ClientAddress;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.NewCredential;
import sh.cinch.service.token.StoredCredential;

/** Hands credentials to the token-service, and lets go of them, for pages and API alike. */
public final class Credentials {

  private final TokenService tokenService;
  private final UnusedCredentials unused;
  private final RefusalLimit limit;

  Credentials(TokenService tokenService, UnusedCredentials unused, InstantSource clock) {
    this.tokenService = tokenService;
    this.unused = unused;
    this.limit = new RefusalLimit(clock);
  }

  /**
   * @param redirectUri exactly the one the person was sent away with
   * @param address where they come from: nobody knows yet who they are
   * @param first done right before Bitbucket is asked; where it throws, nothing is asked
   * @throws Problem 422 where Bitbucket refuses the code, 429 where it refused many from there, 503
   *     where it cannot be asked
   */
  public StoredCredential exchange(
      Secret code, URI redirectUri, ClientAddress address, Runnable first) {
    return stored(
        limit.ask(
            "address " + address.text(),
            () -> {
              first.run();
              return tokenService.exchange(code, redirectUri);
            }),
        "Bitbucket refused");
  }

  /**
   * @param by who connects with it
   * @throws Problem 422 where Bitbucket refuses the token, 429 where it refused many of theirs, 503
   *     where it cannot be asked
   */
  public StoredCredential paste(NewCredential pasted, ConnectOrder.By by) {
    StoreResult result =
        switch (by) {
          case ConnectOrder.By.Operator() -> tokenService.store(pasted);
          case ConnectOrder.By.Person person ->
              limit.ask("account " + person.account(), () -> tokenService.store(pasted));
        };
    return stored(result, "Token refused");
  }

  private StoredCredential stored(StoreResult result, String refusal) {
    return switch (result) {
      case StoreResult.Stored(StoredCredential credential, boolean isNew) -> {
        unused.wanted(credential.id());
        yield credential;
      }
      case StoreResult.Refused(String why) -> throw new Problem(422, refusal, why);
      case StoreResult.Away(String why) -> throw new Problem(503, "Not now", why);
    };
  }

  /** Empty where there is none (any more), and where the token-service does not say. */
  public Optional<StoredCredential> find(UUID id) {
    return tokenService.find(id);
  }

  /** Lets go of a credential that is not needed here any more, unless it is elsewhere. */
  public void release(UUID id) {
    unused.release(id);
  }

  /**
   * @throws Problem 409 where it cannot be tried
   */
  public void tryAgain(Connection connection) {
    tryAgain(
        connection
            .credential()
            .map(Connection.Used::id)
            .orElseThrow(
                () -> new Problem(409, "Not connected", "The repository is not connected.")));
  }

  /**
   * Has a credential tried once more that is in doubt, or was given up.
   *
   * @throws Problem 409 where it cannot be tried
   */
  public void tryAgain(UUID credential) {
    switch (tokenService.tryAgain(credential)) {
      case RetryResult.Begun() -> {}
      case RetryResult.Refused(String why) -> throw new Problem(409, "Not tried", why);
      case RetryResult.Away(String why) -> throw new Problem(503, "Not now", why);
    }
  }
}
