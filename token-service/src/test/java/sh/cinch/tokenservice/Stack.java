package sh.cinch.tokenservice;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.service.Running;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.ChildProcess;
import sh.cinch.testkit.CuttableConnection;
import sh.cinch.testkit.Leaks;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.tokenservice.caller.Callers;

/** A forge, a database, and as many instances as a test wants, all by one clock. */
final class Stack implements AutoCloseable {

  private int perHour = 1_000_000;

  final ShiftedClock clock = new ShiftedClock();
  final Secret keyset = Vault.newKeyset();
  final Vault vault = Vault.open(keyset);
  final Running running = new Running();
  final SimulatedBitbucket forge =
      running.with(SimulatedBitbucket.start(SimulatedBitbucket.CALLBACK, clock));
  final DatabaseSettings database;
  final Leaks leaks = running.with(new Leaks());

  Stack() {
    this(Backends.freshDatabase());
  }

  Stack(DatabaseSettings database) {
    this.database = database;
  }

  Instance start() {
    return start(forge.url(), SimulatedBitbucket.CLIENT_SECRET);
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
    return start(forge.url(), SimulatedBitbucket.CLIENT_SECRET, keys, database);
  }

  Instance start(Vault keys, DatabaseSettings elsewhere) {
    return start(forge.url(), SimulatedBitbucket.CLIENT_SECRET, keys, elsewhere);
  }

  /** One whose network is in the test's hands. */
  Instance start(CuttableConnection toBitbucket, CuttableConnection toDatabase) {
    return start(
        URI.create("http://localhost:" + toBitbucket.port()),
        SimulatedBitbucket.CLIENT_SECRET,
        vault,
        through(toDatabase));
  }

  /** The same database, at the near end of a cable. */
  DatabaseSettings through(CuttableConnection toDatabase) {
    return new DatabaseSettings(
        toDatabase.through(database.url()), database.user(), database.password());
  }

  private Instance start(URI bitbucket, String clientSecret, Vault keys, DatabaseSettings through) {
    return running.with(
        new Instance(
            new TokenServiceConfig(
                Listen.onLoopback(),
                Listen.onLoopback(),
                Backends.kafka(),
                through,
                SimulatedBitbucket.CLIENT_ID,
                Secret.of(clientSecret),
                Site.bitbucketCloud(bitbucket, bitbucket),
                HourlyLimit.usual(),
                keys,
                Callers.parse(Secret.of(Instance.CALLERS)),
                perHour,
                RetentionDays.LEASES.usual()),
            clock,
            leaks));
  }

  /** One in a process of its own, as an operator starts it; its network is in the test's hands. */
  ChildProcess process(CuttableConnection toBitbucket, CuttableConnection toDatabase) {
    String bitbucket = "http://localhost:" + toBitbucket.port();
    return ChildProcess.start(
        Main.class,
        Map.ofEntries(
            Map.entry("CINCH_HOST", "127.0.0.1"),
            Map.entry("CINCH_MANAGEMENT_HOST", "127.0.0.1"),
            Map.entry("CINCH_PORT", "0"),
            Map.entry("CINCH_MANAGEMENT_PORT", "0"),
            Map.entry("CINCH_KAFKA", Backends.kafka().bootstrapServers()),
            Map.entry(
                "CINCH_KAFKA_PROPERTIES", Backends.kafka().properties().orElseThrow().toString()),
            Map.entry("CINCH_DATABASE_URL", through(toDatabase).url()),
            Map.entry("CINCH_DATABASE_USER", database.user()),
            Map.entry("CINCH_DATABASE_PASSWORD", database.password().reveal()),
            Map.entry("CINCH_BITBUCKET_CLIENT_ID", SimulatedBitbucket.CLIENT_ID),
            Map.entry("CINCH_BITBUCKET_CLIENT_SECRET", SimulatedBitbucket.CLIENT_SECRET),
            Map.entry("CINCH_BITBUCKET_URL", bitbucket),
            Map.entry("CINCH_BITBUCKET_API_URL", bitbucket),
            Map.entry("CINCH_KEYSET", keyset.reveal()),
            Map.entry("CINCH_SERVICE_SECRETS", Instance.CALLERS)),
        Path.of(""),
        ChildProcess.DISCARDED,
        "-Xmx128m",
        "-XX:TieredStopAtLevel=1");
  }

  /** A person connects. */
  UUID connect(Instance instance, String nickname) {
    forge.person(nickname);
    return instance.exchange(forge.authorize(nickname)).id();
  }

  /** What was let out is searched for secrets, once those who let it out have ended. */
  @Override
  public void close() {
    running.close();
    List<String> secrets = new ArrayList<>(forge.issued());
    secrets.addAll(
        List.of(
            SimulatedBitbucket.CLIENT_SECRET,
            Instance.INGRESS,
            Instance.STATUS_WORKER,
            Instance.RELEASE_WORKER));
    leaks.search(secrets, Backends.embedded(database), Backends.announced().records());
  }
}
