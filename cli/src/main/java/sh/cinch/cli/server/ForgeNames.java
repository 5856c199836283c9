package sh.cinch.cli.server;

import java.util.Optional;
import sh.cinch.schema.event.Repository;

/** What people call a forge. */
public final class ForgeNames {

  private ForgeNames() {}

  /** As it stands in Cinch's contract; empty where there is no such forge. */
  public static Optional<String> of(String name) {
    return Optional.of(Repository.forge(name)).filter(Repository.BITBUCKET_CLOUD::equals);
  }
}
