package sh.cinch.service.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** Secrets at rest: AES-256-GCM under a keyset of the process, each bound to its place. */
public final class Vault {

  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private final Aead aead;

  private Vault(Aead aead) {
    this.aead = aead;
  }

  /**
   * @param keyset as {@link #newKeyset} writes it (Tink's JSON)
   * @throws IllegalArgumentException where it is none; the message says no more than that
   */
  public static Vault open(Secret keyset) {
    try {
      KeysetHandle handle =
          TinkJsonProtoKeysetFormat.parseKeyset(keyset.reveal(), InsecureSecretKeyAccess.get());
      return new Vault(handle.getPrimitive(RegistryConfiguration.get(), Aead.class));
    } catch (GeneralSecurityException e) {
      // Without the cause: a parser's message may quote what it read.
      throw new IllegalArgumentException("not a Tink keyset for AEAD in JSON");
    }
  }

  /** A fresh keyset with one key. */
  public static Secret newKeyset() {
    try {
      return Secret.of(
          TinkJsonProtoKeysetFormat.serializeKeyset(
              KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM),
              InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public byte[] seal(Secret secret, Place place) {
    try {
      return aead.encrypt(secret.reveal().getBytes(StandardCharsets.UTF_8), place.associatedData());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt for " + place, e);
    }
  }

  /**
   * @throws Unreadable where the ciphertext is not of this keyset, or was made for another place
   */
  public Secret unseal(byte[] ciphertext, Place place) {
    try {
      return Secret.of(
          new String(aead.decrypt(ciphertext, place.associatedData()), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new Unreadable(place);
    }
  }

  /** A ciphertext that this keyset does not open at this place. */
  public static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable(Place place) {
      super(
          "cannot decrypt %s: it was encrypted with another keyset (CINCH_KEYSET), or moved here"
              .formatted(place));
    }
  }
}
