package sh.cinch.forge;

import java.util.Optional;
import sh.cinch.schema.event.Repository;

/**
 * A repository as a forge is asked for it.
 *
 * @param fullName as people write it, {@code acme/app}
 * @param uuid the forge's own id; where it is known it alone counts, since a name may come to mean
 *     another repository
 */
public record ForgeRepository(String fullName, Optional<String> uuid) {

  public static ForgeRepository of(Repository repository) {
    return identified(repository.fullName(), repository.uuid());
  }

  public static ForgeRepository identified(String fullName, String uuid) {
    return new ForgeRepository(fullName, Optional.of(uuid));
  }

  public static ForgeRepository named(String fullName) {
    return new ForgeRepository(fullName, Optional.empty());
  }
}
