package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.secret.Keyset;
import sh.cinch.service.secret.Vault;

/** A keyset that is rotated under two instances. */
class KeysetRotationTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final Stack stack = new Stack();
  private final Keyset first = Keyset.fresh();
  private final Keyset prepared = first.withFreshKey();
  private final Keyset rotated = prepared.withPrimary(prepared.newest());
  private Path file;

  @BeforeEach
  void writeFile(@TempDir Path folder) throws IOException {
    file = folder.resolve("keyset.json");
    write(first);
  }

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void bothTakeTheNewKeyMoveEverythingToItAndThenDoWithoutTheOld() throws IOException {
    Instance one = stack.start(Vault.openFile(file));
    Instance other = stack.start(Vault.openFile(file));
    List<UUID> credentials =
        IntStream.range(0, 8).mapToObj(i -> stack.connect(one, "person-" + i)).toList();
    assertThat(one.management("/keyset").json().getMap())
        .containsEntry("primary", first.primary().toString())
        .containsEntry("sealed", 16)
        .containsEntry("remaining", 0)
        .containsEntry("unreadable", 0);

    write(rotated);
    stack.clock.advance(Duration.ofHours(3));
    for (UUID credential : credentials) {
      assertThat(one.lease(credential).status()).as("refreshed by the one").isEqualTo(201);
      assertThat(other.lease(credential).status()).as("read by the other").isEqualTo(201);
    }
    await().atMost(SOON).untilAsserted(() -> assertMoved(one));
    await().atMost(SOON).untilAsserted(() -> assertMoved(other));
    await()
        .atMost(SOON)
        .until(
            () -> one.management("/metrics").body(),
            metrics -> metrics.contains("cinch_keyset_secrets{state=\"sealed\"} 16.0"));

    write(rotated.withPrimaryOnly());
    await()
        .atMost(SOON)
        .until(
            () -> one.management("/keyset").json().getJsonArray("keys").getList(),
            keys -> keys.equals(List.of(rotated.primary().toString())));
    assertThatThrownBy(() -> stack.start(Vault.open(first.text())))
        .isInstanceOf(ConfigurationException.class);
    for (UUID credential : credentials) {
      assertThat(one.lease(credential).status()).isEqualTo(201);
    }
  }

  @Test
  void whatLiesInTheFileAndCannotBeTakenIsReported() throws IOException {
    Instance instance = stack.start(Vault.openFile(file));
    UUID credential = stack.connect(instance, "ada");

    write(Keyset.fresh());
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(instance.management("/keyset").text("refused"))
                    .contains(first.primary() + " is missing"));

    assertThat(instance.management("/health/ready").status()).isEqualTo(200);
    assertThat(instance.management("/keyset").text("primary"))
        .isEqualTo(first.primary().toString());
    assertThat(instance.lease(credential).status()).isEqualTo(201);
  }

  private void assertMoved(Instance instance) {
    assertThat(instance.management("/keyset").json().getMap())
        .containsEntry("primary", rotated.primary().toString())
        .containsEntry("sealed", 16)
        .containsEntry("remaining", 0);
  }

  private void write(Keyset keyset) throws IOException {
    Path draft = file.resolveSibling("draft");
    Files.writeString(draft, keyset.text().reveal());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
