package sh.cinch.forge;

import java.util.Optional;
import sh.cinch.bitbucket.client.RepositoryAddress;
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

  /** Empty where the text is not {@code workspace/repository}. */
  public static Optional<ForgeRepository> named(String fullName) {
    return RepositoryAddress.parse(fullName)
        .map(address -> new ForgeRepository(fullName, Optional.empty()));
  }

  /** The name, for people. */
  @Override
  public String toString() {
    return fullName;
  }
}
