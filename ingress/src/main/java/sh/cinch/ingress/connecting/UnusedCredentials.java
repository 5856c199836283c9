package sh.cinch.ingress.connecting;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.ingress.connecting.session.Sessions;
import sh.cinch.service.lease.Leases;

/**
 * Has a credential erased once neither a repository nor anybody signed in needs it; one that was
 * replaced only after it had the time to finish what it began.
 */
record UnusedCredentials(
    Connections connections, Sessions sessions, TokenService tokenService, Leases leases) {

  /** What cannot be erased now is later, by {@link CredentialSweep}. */
  Removal release(UUID credential) {
    if (connections.isInUse(credential)) {
      return Removal.IN_USE;
    }
    if (sessions.isInUse(credential)) {
      return Removal.SIGNED_IN;
    }
    leases.forget(credential);
    Optional<Instant> keptUntil = connections.keptUntil(credential);
    boolean isTold =
        keptUntil
            .map(end -> tokenService.replaced(credential, end))
            .orElseGet(() -> tokenService.remove(credential));
    if (!isTold) {
      return Removal.OWED;
    }
    connections.erased(credential);
    return keptUntil.isPresent() ? Removal.KEPT : Removal.ERASED;
  }

  /** Calls off an erasure that was owed: the credential has just been stored again. */
  void wanted(UUID credential) {
    connections.erased(credential);
  }
}
