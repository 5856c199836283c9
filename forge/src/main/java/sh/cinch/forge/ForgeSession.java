package sh.cinch.forge;

import java.util.Optional;

/**
 * One caller's dealings with a forge. Every call takes a lease, and where the forge rejects its
 * token reports that and tries once more with another. Blocks: for virtual threads; not shared.
 */
public interface ForgeSession {

  Repositories repositories();

  Statuses statuses();

  Refs refs();

  ForgeHooks hooks();

  /** Empty where this forge has no such thing. */
  <C extends Capability> Optional<C> optional(Class<C> capability);

  /** How many requests have been made. */
  int requests();

  /** What not every forge can do. */
  interface Capability {}
}
