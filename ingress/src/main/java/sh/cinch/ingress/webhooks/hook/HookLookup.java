package sh.cinch.ingress.webhooks.hook;

/** What can be said of a hook just now. */
public sealed interface HookLookup {

  record Known(KnownHook hook) implements HookLookup {}

  /** There is none, or none any more. */
  record Unknown() implements HookLookup {}

  /** PostgreSQL is away and it is not remembered: neither yes nor no. */
  record CannotKnow() implements HookLookup {}
}
