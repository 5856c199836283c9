package sh.cinch.tokenservice;

import java.net.URI;
import java.util.UUID;
import sh.cinch.service.Running;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.tokenservice.caller.Callers;

/** A forge, a database, and as many instances as a test wants, all by one clock. */
final class Stack implements AutoCloseable {

  final MovableClock clock = new MovableClock();
  final Vault vault = Vault.open(Vault.newKeyset());
  final Running running = new Running();
  final Forge forge = running.with(new Forge(clock));
  final DatabaseSettings database = Backends.freshDatabase();

  Instance start() {
    return start(forge.url(), Forge.CLIENT_SECRET);
  }

  Instance start(Vault keys) {
    return start(forge.url(), Forge.CLIENT_SECRET, keys, database);
  }

  Instance start(URI bitbucket, String clientSecret) {
    return start(bitbucket, clientSecret, vault, database);
  }

  Instance start(Vault keys, DatabaseSettings elsewhere) {
    return start(forge.url(), Forge.CLIENT_SECRET, keys, elsewhere);
  }

  private Instance start(
      URI bitbucket, String clientSecret, Vault keys, DatabaseSettings settings) {
    return running.with(
        new Instance(
            new TokenServiceConfig(
                0,
                0,
                Backends.kafka(),
                settings,
                Forge.CLIENT_ID,
                Secret.of(clientSecret),
                bitbucket,
                bitbucket,
                keys,
                Callers.parse(Secret.of(Instance.CALLERS))),
            clock));
  }

  /** Somebody connects. */
  UUID connect(Instance instance, String nickname) {
    forge.person(nickname);
    return instance.exchange(forge.authorize(nickname)).id();
  }

  @Override
  public void close() {
    running.close();
  }
}
