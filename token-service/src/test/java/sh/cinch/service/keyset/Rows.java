package sh.cinch.service.keyset;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.token_service.Tables.CREDENTIAL;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.TableField;
import sh.cinch.database.token_service.tables.records.CredentialRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.service.token.Account;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.tokenservice.Backends;
import sh.cinch.tokenservice.TokenService;
import sh.cinch.tokenservice.credential.Ciphertext;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.FreshToken;
import sh.cinch.tokenservice.credential.TokenLife;
import sh.cinch.tokenservice.notification.ChangeNotifications;

/** Credentials in a database of their own, without a service. */
final class Rows implements AutoCloseable {

  static final List<TableField<CredentialRecord, byte[]>> COLUMNS =
      List.of(CREDENTIAL.AUTHORIZATION_SECRET, CREDENTIAL.REFRESH_SECRET);

  final ShiftedClock clock = new ShiftedClock();
  final Database database = Database.open(Backends.freshDatabase());

  Credentials with(Vault vault) {
    return new Credentials(
        database, vault, clock, new Outbox(TokenService.NAME), new ChangeNotifications(), () -> {});
  }

  Reencryption<CredentialRecord> reencryption(Vault vault, int rowsATurn) {
    return new Reencryption<>(
        database, Ciphertext.TABLE, vault, new SimpleMeterRegistry(), rowsATurn);
  }

  void reencrypt(Vault vault) {
    untilDone(reencryption(vault, 10));
  }

  static void untilDone(Reencryption<CredentialRecord> reencryption) {
    int turns = 0;
    while (reencryption.run()) {
      assertThat(++turns).as("turns").isLessThan(100);
    }
  }

  /** A grant whose tokens are {@code name-access} and {@code name-refresh}. */
  Credential grant(Vault vault, String name) {
    return with(vault)
        .storeGrant("bitbucket-cloud", "client", new Account("{" + name + "}", name), token(name))
        .credential();
  }

  FreshToken token(String name) {
    return new FreshToken(
        Secret.of(name + "-access"),
        Optional.of(Secret.of(name + "-refresh")),
        clock.instant(),
        Optional.of(new TokenLife(clock.instant(), clock.instant().plus(Duration.ofHours(2)))),
        Set.of());
  }

  Credential find(UUID id) {
    return with(Vault.open(Vault.newKeyset())).find(id).orElseThrow();
  }

  byte[] bytes(UUID id, TableField<CredentialRecord, byte[]> column) {
    return database
        .sql()
        .select(column)
        .from(CREDENTIAL)
        .where(CREDENTIAL.ID.eq(id))
        .fetchSingle(column);
  }

  /** Moves one row's ciphertexts into the other and back, as a faulty script might. */
  void swap(UUID one, UUID other) {
    database
        .sql()
        .execute(
            "update token_service.credential set authorization_secret = moved.authorization_secret,"
                + " refresh_secret = moved.refresh_secret from token_service.credential moved"
                + " where credential.id in (?, ?) and moved.id in (?, ?) and moved.id <>"
                + " credential.id",
            one,
            other,
            one,
            other);
  }

  @Override
  public void close() {
    database.close();
  }
}
