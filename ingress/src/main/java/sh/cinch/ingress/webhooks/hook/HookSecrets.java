package sh.cinch.ingress.webhooks.hook;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/** Makes the secrets of hooks, and keeps each bound to its row and column. */
final class HookSecrets {

  private static final int BYTES = 32;
  private static final String TABLE = "ingress.hook";
  private static final String CURRENT = "secret";
  private static final String PREVIOUS = "previous_secret";

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
    return vault.seal(secret, location(hook, CURRENT));
  }

  Secret unsealCurrent(byte[] ciphertext, UUID hook) {
    return vault.unseal(ciphertext, location(hook, CURRENT));
  }

  byte[] sealPrevious(Secret secret, UUID hook) {
    return vault.seal(secret, location(hook, PREVIOUS));
  }

  Secret unsealPrevious(byte[] ciphertext, UUID hook) {
    return vault.unseal(ciphertext, location(hook, PREVIOUS));
  }

  private static CiphertextLocation location(UUID hook, String column) {
    return new CiphertextLocation(TABLE, hook.toString(), column);
  }
}
