package sh.cinch.tokenservice.credential;

import java.util.UUID;
import org.jooq.TableField;
import sh.cinch.database.token_service.tables.records.CredentialRecord;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/** A secret of a credential as it lies in its row. It opens nowhere else. */
public final class Ciphertext {

  private final byte[] bytes;
  private final CiphertextLocation place;

  Ciphertext(byte[] bytes, UUID credential, TableField<CredentialRecord, ?> column) {
    this.bytes = bytes;
    this.place = place(credential, column);
  }

  static byte[] seal(
      Vault vault, Secret secret, UUID credential, TableField<CredentialRecord, ?> column) {
    return vault.seal(secret, place(credential, column));
  }

  int size() {
    return bytes.length;
  }

  Secret open(Vault vault) {
    return vault.unseal(bytes, place);
  }

  public static CiphertextLocation place(UUID credential, TableField<CredentialRecord, ?> column) {
    return new CiphertextLocation(
        "token_service.credential", credential.toString(), column.getName());
  }
}
