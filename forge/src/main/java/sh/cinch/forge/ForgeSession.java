package sh.cinch.forge;

import java.util.List;
import java.util.Optional;
import sh.cinch.schema.event.ForgeRequest;

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

  /** The requests that have been made for what was asked. */
  List<ForgeRequest> requests();

  /** What not every forge can do. */
  interface Capability {}
}
