package sh.cinch.ingress.webhooks.hook;

import static sh.cinch.database.ingress.Tables.HOOK;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.database.ingress.tables.records.HookRecord;
import sh.cinch.service.keyset.EncryptedTable;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/** Makes the secrets of hooks, and keeps each bound to its row and column. */
final class HookSecrets {

  private static final int BYTES = 32;
  static final EncryptedTable<HookRecord> TABLE =
      new EncryptedTable<>(
          "webhooks' secrets",
          "ingress.hook",
          HOOK.ID,
          Optional.empty(),
          List.of(HOOK.SECRET, HOOK.PREVIOUS_SECRET));

  private final Vault vault;
  private final SecureRandom random = new SecureRandom();

  HookSecrets(Vault vault) {
    this.vault = vault;
  }

  /** In hex: people select it with a double click and paste it into a form. */
  Secret fresh() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Secret.of(HexFormat.of().formatHex(bytes));
  }

  byte[] sealCurrent(Secret secret, UUID hook) {
    return vault.seal(secret, TABLE.location(hook, HOOK.SECRET));
  }

  Secret unsealCurrent(byte[] ciphertext, UUID hook) {
    return vault.unseal(ciphertext, TABLE.location(hook, HOOK.SECRET));
  }

  byte[] sealPrevious(Secret secret, UUID hook) {
    return vault.seal(secret, TABLE.location(hook, HOOK.PREVIOUS_SECRET));
  }

  Secret unsealPrevious(byte[] ciphertext, UUID hook) {
    return vault.unseal(ciphertext, TABLE.location(hook, HOOK.PREVIOUS_SECRET));
  }
}
