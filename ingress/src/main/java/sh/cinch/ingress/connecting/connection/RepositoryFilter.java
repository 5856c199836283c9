package sh.cinch.ingress.connecting.connection;

import java.util.Set;
import java.util.UUID;

/** Which repositories somebody may see. */
public sealed interface RepositoryFilter {

  record All() implements RepositoryFilter {}

  /**
   * @param uuids as the forge has them
   */
  record OfForge(Set<String> uuids) implements RepositoryFilter {
    public OfForge {
      uuids = Set.copyOf(uuids);
    }
  }

  /**
   * @param ids Cinch's own
   */
  record Named(Set<UUID> ids) implements RepositoryFilter {
    public Named {
      ids = Set.copyOf(ids);
    }
  }

  default boolean allows(Connection connection) {
    return switch (this) {
      case All() -> true;
      case OfForge(Set<String> uuids) -> uuids.contains(connection.uuid());
      case Named(Set<UUID> ids) -> ids.contains(connection.id());
    };
  }
}
