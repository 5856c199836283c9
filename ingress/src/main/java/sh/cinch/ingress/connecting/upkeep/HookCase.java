package sh.cinch.ingress.connecting.upkeep;

import java.util.UUID;
import sh.cinch.database.ingress.tables.records.HookUpkeepRecord;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookUrl;

/**
 * A hook that is being looked after.
 *
 * @param row claimed
 * @param credential to ask with
 * @param address that it is to have
 */
record HookCase(
    HookUpkeepRecord row, Hook hook, Connection connection, UUID credential, String address) {

  HookUrl url() {
    return new HookUrl(address, hook.id());
  }

  ForgeRepository repository() {
    return connection.address();
  }

  /** For the log. */
  @Override
  public String toString() {
    return "repository=%s hook=%s".formatted(connection.id(), hook.id());
  }
}
