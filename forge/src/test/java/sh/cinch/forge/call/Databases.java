package sh.cinch.forge.call;

import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.TestServers;

/** Databases for tests. */
public final class Databases {

  private Databases() {}

  /** One that nobody else uses. */
  public static Database fresh() {
    var fresh = TestServers.shared().freshDatabase();
    return Database.open(
        new DatabaseSettings(fresh.url(), fresh.user(), Secret.of(fresh.password())));
  }
}
