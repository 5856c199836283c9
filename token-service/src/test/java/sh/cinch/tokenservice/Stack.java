package sh.cinch.tokenservice;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import sh.cinch.service.Running;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.tokenservice.caller.Callers;

/** A forge, a database, and as many instances as a test wants, all by one clock. */
final class Stack implements AutoCloseable {

  private int perHour = 1_000_000;

  final MovableClock clock = new MovableClock();
  final Secret keyset = Vault.newKeyset();
  final Vault vault = Vault.open(keyset);
  final Running running = new Running();
  final Forge forge = running.with(new Forge(clock));
  final DatabaseSettings database = Backends.freshDatabase();
  final Seen seen = running.with(new Seen(database));

  Instance start() {
    return start(forge.url(), Forge.CLIENT_SECRET);
  }

  Instance start(URI bitbucket, String clientSecret) {
    return start(bitbucket, clientSecret, vault, database);
  }

  /** One that may not refresh as much as it likes ahead of need. */
  Instance startWithin(int refreshesPerHour) {
    perHour = refreshesPerHour;
    return start();
  }

  Instance start(Vault keys) {
    return start(forge.url(), Forge.CLIENT_SECRET, keys, database);
  }

  Instance start(Vault keys, DatabaseSettings elsewhere) {
    return start(forge.url(), Forge.CLIENT_SECRET, keys, elsewhere);
  }

  /** One whose network is in the test's hands. */
  Instance start(CuttableConnection toBitbucket, CuttableConnection toDatabase) {
    return start(
        URI.create("http://localhost:" + toBitbucket.port()),
        Forge.CLIENT_SECRET,
        vault,
        through(toDatabase));
  }

  /** The same database, at the near end of a cable. */
  DatabaseSettings through(CuttableConnection toDatabase) {
    return new DatabaseSettings(
        database.url().replaceFirst(":\\d+/", ":" + toDatabase.port() + "/"),
        database.user(),
        database.password());
  }

  private Instance start(URI bitbucket, String clientSecret, Vault keys, DatabaseSettings through) {
    return running.with(
        new Instance(
            new TokenServiceConfig(
                0,
                0,
                Backends.kafka(),
                through,
                Forge.CLIENT_ID,
                Secret.of(clientSecret),
                bitbucket,
                bitbucket,
                keys,
                Callers.parse(Secret.of(Instance.CALLERS)),
                perHour),
            clock,
            seen));
  }

  /** Somebody connects. */
  UUID connect(Instance instance, String nickname) {
    forge.person(nickname);
    return instance.exchange(forge.authorize(nickname)).id();
  }

  /** What was let out is searched for secrets, once those who let it out have ended. */
  @Override
  public void close() {
    running.close();
    List<String> secrets = new ArrayList<>(forge.issued());
    secrets.addAll(List.of(Forge.CLIENT_SECRET, Instance.INGRESS, Instance.STATUS_WORKER));
    seen.search(secrets);
  }
}
