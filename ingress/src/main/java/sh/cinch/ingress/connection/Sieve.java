package sh.cinch.ingress.connection;

import java.util.Set;
import java.util.UUID;

/** Which repositories somebody may see. */
public sealed interface Sieve {

  record All() implements Sieve {}

  /**
   * @param uuids as the forge has them
   */
  record OfForge(Set<String> uuids) implements Sieve {
    public OfForge {
      uuids = Set.copyOf(uuids);
    }
  }

  /**
   * @param ids Cinch's own
   */
  record Named(Set<UUID> ids) implements Sieve {
    public Named {
      ids = Set.copyOf(ids);
    }
  }

  default boolean lets(Connection connection) {
    return switch (this) {
      case All() -> true;
      case OfForge(Set<String> uuids) -> uuids.contains(connection.uuid());
      case Named(Set<UUID> ids) -> ids.contains(connection.id());
    };
  }
}
