package sh.cinch.ingress.connect;

import java.util.UUID;
import sh.cinch.ingress.connection.Connections;
import sh.cinch.ingress.credential.TokenService;
import sh.cinch.ingress.session.Sessions;
import sh.cinch.service.lease.Leases;

/** Has a credential erased once neither a repository nor anybody signed in needs it. */
public final class UnusedCredentials {

  private final Connections connections;
  private final Sessions sessions;
  private final TokenService tokenService;
  private final Leases leases;

  public UnusedCredentials(
      Connections connections, Sessions sessions, TokenService tokenService, Leases leases) {
    this.connections = connections;
    this.sessions = sessions;
    this.tokenService = tokenService;
    this.leases = leases;
  }

  public void remove(UUID credential) {
    if (!connections.use(credential) && !sessions.use(credential)) {
      leases.forget(credential);
      tokenService.remove(credential);
    }
  }
}
