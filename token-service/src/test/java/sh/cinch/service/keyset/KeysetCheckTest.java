package sh.cinch.service.keyset;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.secret.Keyset;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.tokenservice.Backends;
import sh.cinch.tokenservice.credential.Ciphertext;
import sh.cinch.tokenservice.credential.Credential;

/** Which keysets fit what is in the database. */
class KeysetCheckTest {

  private final Rows rows = new Rows();
  private final Keyset first = Keyset.fresh();
  private final Keyset prepared = first.withFreshKey();
  private final Keyset rotated = prepared.withPrimary(prepared.newest());
  private final Vault old = Vault.open(first.text());
  private final KeysetCheck check = new KeysetCheck(rows.database, List.of(Ciphertext.TABLE));

  @AfterEach
  void close() {
    rows.close();
  }

  @Test
  void anEmptyDatabaseFitsEveryKeyset() {
    assertThat(check.objection(old)).isEmpty();
  }

  @Test
  void theOldKeyIsNeededUntilNothingIsUnderIt() {
    rows.grant(old, "ada");
    Vault now = Vault.open(rotated.text());
    Vault pruned = Vault.open(rotated.withPrimaryOnly().text());

    assertThat(check.objection(now)).isEmpty();
    assertThat(check.objection(pruned).orElseThrow())
        .contains(
            "encrypted with key " + first.primary(),
            "has key " + rotated.primary(),
            first.primary() + " is missing",
            "Nothing was changed");

    rows.reencrypt(now);
    assertThat(check.objection(pruned)).isEmpty();
  }

  @Test
  void oneCiphertextThatWasMovedSaysNothingAboutTheKey() {
    UUID ada = rows.grant(old, "ada").id();
    UUID bo = rows.grant(old, "bo").id();
    rows.grant(old, "cy");
    rows.swap(ada, bo);

    assertThat(check.objection(old)).isEmpty();
  }

  @Test
  void withoutADatabaseNothingIsKnown() {
    rows.database.close();

    assertThat(check.fit(old).answer()).isEqualTo(KeysetCheck.Fit.Answer.UNKNOWN);
    assertThat(check.objection(old).orElseThrow()).contains("PostgreSQL");
  }

  @Test
  void periodicWorkWaitsUntilTheKeysetIsKnownToFit() {
    Vertx vertx = Vertx.vertx();
    try {
      ServiceContext context =
          new ServiceContext(
              vertx,
              rows.database,
              new Kafka(Backends.kafka()),
              new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
              rows.clock);
      assertThat(
              KeysetCare.of(context, List.of(Ciphertext.TABLE), old).onceItFits(() -> true).run())
          .isTrue();

      rows.database.close();
      assertThat(
              KeysetCare.of(context, List.of(Ciphertext.TABLE), old).onceItFits(() -> true).run())
          .isFalse();
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void twoInstancesOverOneFileReadEachOtherWhoeverSawTheRotationFirst(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("keyset.json");
    Files.writeString(file, first.text().reveal());
    Vault quick = Vault.openFile(file).guardedBy(check::objection);
    Vault slow = Vault.openFile(file).guardedBy(check::objection);
    Credential granted = rows.grant(slow, "ada");

    Files.writeString(file, rotated.text().reveal());
    assertThat(quick.look()).isTrue();
    Credential replaced = rows.with(quick).replace(granted, rows.token("newer")).orElseThrow();

    assertThat(slow.primary()).as("it has not looked yet").isEqualTo(first.primary());
    assertThat(rows.with(slow).refreshToken(replaced)).contains(Secret.of("newer-refresh"));
    assertThat(slow.primary()).isEqualTo(rotated.primary());
  }

  @Test
  void aPrunedFileIsTakenOnceNothingIsUnderTheOldKey(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keyset.json");
    Files.writeString(file, rotated.text().reveal());
    rows.grant(old, "ada");
    Vault vault = Vault.openFile(file).guardedBy(check::objection);

    Files.writeString(file, rotated.withPrimaryOnly().text().reveal());
    assertThat(vault.look()).isFalse();
    assertThat(vault.refused().orElseThrow()).contains(first.primary() + " is missing");

    rows.reencrypt(vault);
    assertThat(vault.look()).isTrue();
    assertThat(vault.keys()).containsExactly(rotated.primary());
  }
}
