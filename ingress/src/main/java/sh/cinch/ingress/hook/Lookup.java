package sh.cinch.ingress.hook;

/** What can be said of a hook just now. */
public sealed interface Lookup {

  record Known(KnownHook hook) implements Lookup {}

  /** There is none, or none any more. */
  record Unknown() implements Lookup {}

  /** PostgreSQL is away and it is not remembered: neither yes nor no. */
  record CannotKnow() implements Lookup {}
}
