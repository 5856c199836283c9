package sh.cinch.ingress.connecting.access;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

  public boolean administers(Connection connection) {
    return administered.stream()
        .map(Found::uuid)
        .collect(Collectors.toSet())
        .contains(connection.uuid());
  }
}
