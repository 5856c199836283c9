package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.service.database.Database;
import sh.cinch.service.keyset.Reencryption;
import sh.cinch.service.secret.Keyset;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.simulator.oauth.RefreshLog;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.Scale;
import sh.cinch.tokenservice.credential.Ciphertext;

/** The key changes again and again while tokens are replaced every second. */
class ReencryptionRaceTest {

  private static final int LIFE_SECONDS = 2;
  private static final int CREDENTIALS = 20;
  private static final Duration SPAN = Duration.ofSeconds(Scale.of(5, 60));
  private static final int ROWS_A_TURN = 7;
  private static final int FEWEST_KEYS = 5;
  private static final int FEWEST_REFRESHES =
      (int) (CREDENTIALS * SPAN.toSeconds() / LIFE_SECONDS / 2);

  private final Stack stack = new Stack();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger keys = new AtomicInteger();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void noFreshTokenIsOverwritten(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keyset.json");
    write(file, Keyset.fresh());
    Instance one = stack.start(Vault.openFile(file));
    Instance other = stack.start(Vault.openFile(file));
    List<String> people = IntStream.range(0, CREDENTIALS).mapToObj(i -> "person-" + i).toList();
    List<UUID> credentials = people.stream().map(nickname -> stack.connect(one, nickname)).toList();
    stack.forge.setting("accessTokenSeconds", LIFE_SECONDS);
    stack.clock.advance(Duration.ofHours(3));

    long end = System.nanoTime() + SPAN.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Database database = Database.open(stack.database)) {
      for (UUID credential : credentials) {
        threads.execute(() -> lease(one, credential));
        threads.execute(() -> lease(other, credential));
      }
      while ((System.nanoTime() < end || !isEnough()) && failures.isEmpty()) {
        rotate(file, database);
      }
      over.set(true);
    }

    assertThat(failures).isEmpty();
    RefreshLog.Count total = stack.forge.refreshes().total();
    assertThat(total.repeated() + total.reused()).as("old tokens that were used again").isZero();
    assertThat(total.granted()).isEqualTo(total.requests()).isGreaterThan(FEWEST_REFRESHES);
    Proof.of("Re-encryption beside refreshes")
        .that(
            "%d credentials with lifetimes of %d s leased from two instances for %d s, while the key changes and everything is re-encrypted, again and again"
                .formatted(CREDENTIALS, LIFE_SECONDS, SPAN.toSeconds()))
        .figure("refreshes", total.granted())
        .figure("keys, each with everything moved to it", keys.get())
        .figure("fresh tokens that were overwritten", total.repeated() + total.reused())
        .figure("leases that failed", failures.size())
        .written();
  }

  /** However slow the machine is. */
  private boolean isEnough() {
    return keys.get() > FEWEST_KEYS && stack.forge.refreshes().total().granted() > FEWEST_REFRESHES;
  }

  /** The file gets another key, and everything is moved to it at once. */
  private void rotate(Path file, Database database) throws IOException {
    Vault vault = Vault.openFile(file);
    Keyset keyset = Keyset.parse(Secret.of(Files.readString(file))).withFreshKey();
    write(file, keyset.withPrimary(keyset.newest()));
    vault.look();
    Reencryption<?> reencryption =
        new Reencryption<>(
            database, Ciphertext.TABLE, vault, new SimpleMeterRegistry(), ROWS_A_TURN);
    while (reencryption.run()) {
      // There is more to move.
    }
    keys.incrementAndGet();
  }

  private void lease(Instance instance, UUID credential) {
    while (!over.get() && failures.isEmpty()) {
      Reply lease = instance.lease(credential);
      // A machine that is busy elsewhere may take longer for a refresh than a caller is kept
      // waiting.
      if (lease.status() != 201 && !lease.body().contains("it is being replaced")) {
        failures.add(lease.status() + ": " + lease.body());
      }
    }
  }

  private static void write(Path file, Keyset keyset) throws IOException {
    Path draft = file.resolveSibling("draft");
    Files.writeString(draft, keyset.text().reveal());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
