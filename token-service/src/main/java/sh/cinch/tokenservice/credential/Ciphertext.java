package sh.cinch.tokenservice.credential;

import static sh.cinch.database.token_service.Tables.CREDENTIAL;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.TableField;
import sh.cinch.database.token_service.tables.records.CredentialRecord;
import sh.cinch.service.keyset.EncryptedTable;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/** A secret of a credential as it lies in its row. It opens nowhere else. */
public final class Ciphertext {

  /** What this service's keyset encrypts. */
  public static final EncryptedTable<CredentialRecord> TABLE =
      new EncryptedTable<>(
          "credentials",
          "token_service.credential",
          CREDENTIAL.ID,
          Optional.of(CREDENTIAL.VERSION),
          List.of(CREDENTIAL.AUTHORIZATION_SECRET, CREDENTIAL.REFRESH_SECRET));

  private final byte[] bytes;
  private final CiphertextLocation place;

  Ciphertext(byte[] bytes, UUID credential, TableField<CredentialRecord, ?> column) {
    this.bytes = bytes;
    this.place = TABLE.location(credential, column);
  }

  static byte[] seal(
      Vault vault, Secret secret, UUID credential, TableField<CredentialRecord, ?> column) {
    return vault.seal(secret, TABLE.location(credential, column));
  }

  int size() {
    return bytes.length;
  }

  Secret open(Vault vault) {
    return vault.unseal(bytes, place);
  }
}
