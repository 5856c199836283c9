package sh.cinch.ingress.web.access;

import java.util.Set;
import java.util.UUID;
import sh.cinch.ingress.connecting.session.Session;

/** Somebody who is known, and asks for something. */
public sealed interface Caller {

  /** The operator of this Cinch: sees and changes everything. */
  record Operator() implements Caller {}

  /** A program that builds some repositories and reports on them. */
  record Runner(Set<UUID> repositories) implements Caller {
    public Runner {
      repositories = Set.copyOf(repositories);
    }
  }

  /** A person signed in with a browser: may what they may on the forge. */
  record Person(Session session) implements Caller {}
}
