package sh.cinch.service.secret;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Function;

/**
 * Secrets at rest: AES-256-GCM under a keyset of the process, each bound to its place. Where the
 * keyset lies in a file, another one may take its place while the process runs.
 */
public final class Vault {

  private final Keyring keyring;

  private Vault(Keyring keyring) {
    this.keyring = keyring;
  }

  /**
   * @throws IllegalArgumentException where it is no keyset; the message says no more than that
   */
  public static Vault open(Secret keyset) {
    return of(Keyset.parse(keyset));
  }

  /**
   * Over a file that {@link #look} looks at again.
   *
   * @throws IllegalArgumentException where it cannot be read or holds no keyset
   */
  public static Vault openFile(Path keyset) {
    return new Vault(Keyring.open(keyset));
  }

  /** A fresh keyset with one key. */
  public static Secret newKeyset() {
    return Keyset.fresh().text();
  }

  private static Vault of(Keyset keyset) {
    return new Vault(Keyring.given(keyset));
  }

  /**
   * The same, taking from the file no keyset that drops keys while there is an objection to it.
   *
   * @param objection why a vault with the file's keyset must not be used; empty: it may
   */
  public Vault guardedBy(Function<Vault, Optional<String>> objection) {
    return new Vault(keyring.guardedBy(keyset -> objection.apply(of(keyset))));
  }

  /**
   * Looks whether the keyset's file has changed; one that cannot be taken is logged and left.
   *
   * @return whether another keyset is in force now
   */
  public boolean look() {
    return keyring.look();
  }

  /** Why the keyset that lies in the file now was not taken. */
  public Optional<String> refused() {
    return keyring.refused();
  }

  /** The key that encrypts. */
  public KeyId primary() {
    return keyring.keyset().primary();
  }

  /** What can be opened. */
  public NavigableSet<KeyId> keys() {
    return keyring.keyset().keys();
  }

  /** The primary key and those that are to follow it: nothing needs to be moved away from them. */
  public NavigableSet<KeyId> lasting() {
    return keyring.keyset().lasting();
  }

  public byte[] seal(Secret secret, CiphertextLocation place) {
    return sealBytes(secret.reveal().getBytes(StandardCharsets.UTF_8), place);
  }

  /** The same for what is no text. */
  public byte[] sealBytes(byte[] plain, CiphertextLocation place) {
    try {
      return keyring.keyset().encrypt(plain, place.associatedData());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt for " + place, e);
    }
  }

  /**
   * @throws Unreadable where the ciphertext is not of this keyset, or was made for another place
   */
  public Secret unseal(byte[] ciphertext, CiphertextLocation place) {
    return Secret.of(new String(unsealBytes(ciphertext, place), StandardCharsets.UTF_8));
  }

  /**
   * @throws Unreadable where the ciphertext is not of this keyset, or was made for another place
   */
  public byte[] unsealBytes(byte[] ciphertext, CiphertextLocation place) {
    Keyset keyset = keyring.keyset();
    Optional<KeyId> key = KeyId.of(ciphertext);
    // Another process may have seen the new keyset before us, and used it.
    if (key.isPresent() && !keyset.keys().contains(key.get())) {
      boolean unused = keyring.look();
      keyset = keyring.keyset();
    }
    try {
      return keyset.decrypt(ciphertext, place.associatedData());
    } catch (GeneralSecurityException e) {
      throw new Unreadable(place, key, keyset);
    }
  }

  /** A ciphertext that this keyset does not open at this place. */
  public static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable(CiphertextLocation place, Optional<KeyId> key, Keyset keyset) {
      super("cannot decrypt %s: %s".formatted(place, why(key, keyset)));
    }

    private static String why(Optional<KeyId> key, Keyset keyset) {
      return key.filter(id -> !keyset.keys().contains(id))
          .map("it was encrypted with key %s, which CINCH_KEYSET does not have"::formatted)
          .orElse("it was moved here, damaged, or encrypted with another keyset (CINCH_KEYSET)");
    }
  }
}
