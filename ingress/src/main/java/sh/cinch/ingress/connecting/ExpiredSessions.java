package sh.cinch.ingress.connecting;

import java.util.Set;
import sh.cinch.ingress.connecting.session.Sessions;
import sh.cinch.ingress.connecting.session.SignIns;
import sh.cinch.service.due.Step;

/** Removes what nobody can use any more, and the credentials that were kept for it alone. */
final class ExpiredSessions implements Step {

  private final Sessions sessions;
  private final SignIns signIns;
  private final UnusedCredentials unused;

  ExpiredSessions(Sessions sessions, SignIns signIns, UnusedCredentials unused) {
    this.sessions = sessions;
    this.signIns = signIns;
    this.unused = unused;
  }

  @Override
  public boolean run() {
    signIns.removeExpired();
    Set.copyOf(sessions.removeExpired()).forEach(unused::remove);
    return false;
  }
}
