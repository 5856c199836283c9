package sh.cinch.service.keyset;

import java.util.Optional;
import java.util.UUID;
import org.jooq.Record;
import org.jooq.TableField;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/**
 * A ciphertext as it was read.
 *
 * @param version that its row had, where rows have one
 * @param location which one it is, whatever its bytes are now
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sealed<R extends Record>(
    UUID row,
    Optional<Long> version,
    TableField<R, byte[]> column,
    byte[] bytes,
    CiphertextLocation location) {

  /**
   * @throws Vault.Unreadable where it does not open at its place
   */
  Secret open(Vault vault) {
    return vault.unseal(bytes, location);
  }
}
