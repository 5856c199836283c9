package sh.cinch.ingress.connecting;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.credential.CredentialStates;
import sh.cinch.service.due.Step;

/**
 * Erases what an earlier try could not: at once the credentials that lost their repository, after a
 * day those that never had one. While the token-service is away they stay owed.
 */
record CredentialSweep(
    Connections connections,
    CredentialStates credentials,
    UnusedCredentials unused,
    InstantSource clock)
    implements Step {

  /** As long as people may take to choose a repository for what they authorized. */
  private static final Duration UNCONNECTED = Duration.ofDays(1);

  private static final int AT_ONCE = 100;

  @Override
  public boolean run() {
    connections.forgetFormerCredentials();
    Set<UUID> due = new LinkedHashSet<>(connections.owedErasures(AT_ONCE));
    due.addAll(credentials.idle(clock.instant().minus(UNCONNECTED), AT_ONCE));
    for (UUID credential : due) {
      switch (unused.release(credential)) {
        case ERASED -> credentials.forget(credential);
        case KEPT, IN_USE, SIGNED_IN -> {}
        case OWED -> {
          return false;
        }
      }
    }
    return false;
  }
}
