package sh.cinch.tokenservice.keyset;

import java.util.UUID;
import org.jooq.TableField;
import sh.cinch.database.token_service.tables.records.CredentialRecord;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.tokenservice.credential.Ciphertext;

/** A ciphertext as it was read, with the version that its row had. */
final class Sealed {

  private final UUID credential;
  private final long version;
  private final TableField<CredentialRecord, byte[]> column;
  private final byte[] bytes;

  Sealed(UUID credential, long version, TableField<CredentialRecord, byte[]> column, byte[] bytes) {
    this.credential = credential;
    this.version = version;
    this.column = column;
    this.bytes = bytes;
  }

  UUID credential() {
    return credential;
  }

  long version() {
    return version;
  }

  TableField<CredentialRecord, byte[]> column() {
    return column;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Which one it is, whatever its bytes are now. */
  CiphertextLocation place() {
    return Ciphertext.place(credential, column);
  }

  /**
   * @throws Vault.Unreadable where it does not open at its place
   */
  Secret open(Vault vault) {
    return vault.unseal(bytes, place());
  }
}
