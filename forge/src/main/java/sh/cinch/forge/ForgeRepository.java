package sh.cinch.forge;

import java.util.Optional;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.schema.event.ConnectionEvent;

/**
 * A repository as a forge is asked for it.
 *
 * @param fullName as people write it, {@code acme/app}
 * @param uuid the forge's own id; where it is known it alone counts, since a name may come to mean
 *     another repository
 * @param workspaceUuid the forge's own id of its workspace, which may be renamed as well
 */
public record ForgeRepository(
    String fullName, Optional<String> uuid, Optional<String> workspaceUuid) {

  public static ForgeRepository of(ConnectionEvent connection) {
    return identified(
        connection.repository().fullName(),
        connection.repository().uuid(),
        Optional.ofNullable(connection.workspaceUuid()));
  }

  public static ForgeRepository of(Repositories.Found found) {
    return identified(found.fullName(), found.uuid(), found.workspaceUuid());
  }

  public static ForgeRepository identified(
      String fullName, String uuid, Optional<String> workspaceUuid) {
    return new ForgeRepository(fullName, Optional.of(uuid), workspaceUuid);
  }

  /** Empty where the text is not {@code workspace/repository}. */
  public static Optional<ForgeRepository> named(String fullName) {
    return RepositoryAddress.parse(fullName)
        .map(address -> new ForgeRepository(fullName, Optional.empty(), Optional.empty()));
  }

  /** The same repository, in the workspace that is part of this name. */
  public ForgeRepository saidToBe(String otherName) {
    return new ForgeRepository(otherName, uuid, Optional.empty());
  }

  /** The name, for people. */
  @Override
  public String toString() {
    return fullName;
  }
}
