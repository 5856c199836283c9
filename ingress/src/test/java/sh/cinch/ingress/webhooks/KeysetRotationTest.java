package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.DELIVERY_BODY;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.embedded.Postgres;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.keyset.KeysetCare;
import sh.cinch.service.secret.Keyset;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.PushBody;

/** The ingress' keyset is rotated while deliveries come in. */
@Execution(ExecutionMode.CONCURRENT)
class KeysetRotationTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final PushBody.Change CHANGE =
      PushBody.Change.branch("main", "a".repeat(40), "b".repeat(40));

  private final Running running = new Running();
  private final Keyset first = Keyset.fresh();
  private final Keyset prepared = first.withFreshKey();
  private final Keyset rotated = prepared.withPrimary(prepared.newest());
  private TestParts parts;
  private Path file;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    file = folder.resolve("keyset.json");
    write(first);
    Postgres postgres = running.with(Postgres.temporary());
    parts = running.with(TestParts.open(SharedServers.kafka(), postgres.database()));
  }

  @AfterEach
  void close() {
    running.close();
  }

  @Test
  void everyDeliveryIsVerifiedWhileItsSecretMovesToAnotherKey() throws Exception {
    KeysetCare keyset = KeysetCare.of(parts.context(), Webhooks.ENCRYPTED, Vault.openFile(file));
    keyset.start(running.with(new RunningService("ingress", parts.context())));
    WebhookSide side = running.with(new WebhookSide(with(keyset.vault())));
    List<Connected> hooks = Stream.generate(side::connect).limit(4).toList();
    assertThat(side.hooks().rotateSecret(hooks.getFirst().hook())).isPresent();
    Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    Thread deliveries = Thread.ofVirtual().start(() -> deliver(hooks, answers, over));

    write(rotated);
    await().atMost(SOON).until(() -> moved(keyset));
    write(rotated.withPrimaryOnly());
    await().atMost(SOON).until(() -> keyset.vault().keys().equals(rotated.lasting()));
    int soFar = answers.size();
    await().atMost(SOON).until(() -> answers.size() > soFar + hooks.size());
    over.set(true);
    deliveries.join();

    assertThat(answers).containsOnly(202);
    UUID kept = aKeptBody();
    assertThat(
            new DeliveryBodies(parts.database(), Vault.open(rotated.withPrimaryOnly().text()))
                .find(kept))
        .as("a body, with the new key alone")
        .isPresent();
    try (WebhookSide fresh = new WebhookSide(with(Vault.open(rotated.withPrimaryOnly().text())))) {
      for (Connected hook : hooks) {
        assertThat(
                hook.delivery(hook.push(CHANGE))
                    .to(fresh.url("/webhooks/bitbucket/" + hook.hook()))
                    .status())
            .as("with the new key alone, and for one with the secret before")
            .isEqualTo(202);
      }
    }
    assertThatThrownBy(
            () -> KeysetCare.of(parts.context(), Webhooks.ENCRYPTED, Vault.open(first.text())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Its webhooks' secrets are encrypted with key " + rotated.primary());
  }

  private UUID aKeptBody() {
    return parts
        .database()
        .sql()
        .select(DELIVERY_BODY.DELIVERY_ID)
        .from(DELIVERY_BODY)
        .orderBy(DELIVERY_BODY.RECEIVED_AT)
        .limit(1)
        .fetchSingle()
        .value1();
  }

  private void deliver(List<Connected> hooks, Queue<Integer> answers, AtomicBoolean over) {
    while (!over.get()) {
      for (Connected hook : hooks) {
        answers.add(hook.delivery(hook.push(CHANGE)).status());
      }
      // Every hook is read from its row again and again.
      parts.clock().advance(Duration.ofSeconds(2));
    }
  }

  /** Four secrets, one that was replaced, and the key of bodies of each day that it went on. */
  private boolean moved(KeysetCare keyset) {
    JsonObject report = keyset.report();
    return report.getString("primary").equals(rotated.primary().toString())
        && report.getLong("sealed") > 5
        && report.getLong("remaining") == 0
        && report.getLong("unreadable") == 0;
  }

  private TestParts with(Vault vault) {
    return new TestParts(parts.context(), vault, parts.clock(), parts.readers(), parts.brokers());
  }

  private void write(Keyset keyset) throws IOException {
    Path draft = file.resolveSibling("draft");
    Files.writeString(draft, keyset.text().reveal());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
