package sh.cinch.ingress.connecting.access;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.RepositoryFilter;

/**
 * What one account sees on the forge.
 *
 * @param visible uuids of the repositories it may read
 * @param administered those it administers, by name
 */
public record RepositoryAccess(Set<String> visible, List<Found> administered) {

  public RepositoryAccess {
    visible = Set.copyOf(visible);
    administered = List.copyOf(administered);
  }

  public RepositoryFilter filter() {
    Set<String> all = new TreeSet<>(visible);
    administered.forEach(repository -> all.add(repository.uuid()));
    return new RepositoryFilter.OfForge(all);
  }

  public boolean sees(Connection connection) {
    return filter().allows(connection);
  }

  /**
   * @param repository its uuid on the forge
   */
  public boolean administers(String repository) {
    return administered.stream().anyMatch(found -> found.uuid().equals(repository));
  }
}
