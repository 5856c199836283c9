package sh.cinch.ingress.connecting;

import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.credential.RetryResult;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.service.http.Problem;

/** A person has a doubtful credential tried once more, for pages and API alike. */
public final class CredentialRetry {

  private final TokenService tokenService;

  public CredentialRetry(TokenService tokenService) {
    this.tokenService = tokenService;
  }

  /**
   * @throws Problem 409 where it cannot be tried
   */
  public void again(Connection connection) {
    again(
        connection
            .credential()
            .map(Connection.Used::id)
            .orElseThrow(
                () -> new Problem(409, "Not connected", "The repository is not connected.")));
  }

  /**
   * @throws Problem 409 where it cannot be tried
   */
  public void again(UUID credential) {
    switch (tokenService.tryAgain(credential)) {
      case RetryResult.Begun() -> {}
      case RetryResult.Refused(String why) -> throw new Problem(409, "Not tried", why);
      case RetryResult.Away(String why) -> throw new Problem(503, "Not now", why);
    }
  }
}
