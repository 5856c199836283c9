package sh.cinch.service.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AeadKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.Bytes;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The keys of a process: a primary one, which encrypts, and others that still open. They stand in
 * the order in which they came into use: what follows the primary is yet to become it.
 */
public final class Keyset {

  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private final KeysetHandle handle;
  private final Aead aead;
  private final KeyId primary;
  private final NavigableSet<KeyId> keys;
  private final NavigableSet<KeyId> lasting;

  private Keyset(KeysetHandle handle) throws GeneralSecurityException {
    this.handle = handle;
    this.aead = handle.getPrimitive(RegistryConfiguration.get(), Aead.class);
    this.primary = id(handle.getPrimary());
    this.keys = sorted(usable().map(Keyset::id));
    this.lasting = sorted(usable().map(Keyset::id).dropWhile(key -> !key.equals(primary)));
  }

  /** One with one fresh key. */
  public static Keyset fresh() {
    try {
      return new Keyset(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @param text as {@link #text} writes it (Tink's JSON)
   * @throws IllegalArgumentException where it is none; the message says no more than that
   */
  public static Keyset parse(Secret text) {
    Keyset keyset;
    try {
      keyset =
          new Keyset(
              TinkJsonProtoKeysetFormat.parseKeyset(text.reveal(), InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException | RuntimeException e) {
      // Without the cause: a parser's message may quote what it read.
      throw new IllegalArgumentException("not a Tink keyset for AEAD in JSON");
    }
    if (!keyset.usable().allMatch(Keyset::writesItsId)) {
      throw new IllegalArgumentException(
          "a keyset with a key whose outputPrefixType is not TINK, so that nothing tells what is"
              + " encrypted with it; ./cinch keyset makes one that fits");
    }
    return keyset;
  }

  public Secret text() {
    try {
      return Secret.of(
          TinkJsonProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public KeyId primary() {
    return primary;
  }

  /** What it opens. */
  public NavigableSet<KeyId> keys() {
    return keys;
  }

  /** The primary key and those that are to follow it: nothing needs to be moved away from them. */
  public NavigableSet<KeyId> lasting() {
    return lasting;
  }

  /** With one more key, which opens and does not encrypt yet. */
  public Keyset withFreshKey() {
    List<KeysetHandle.Builder.Entry> entries = copies(entries(), primary);
    entries.add(
        KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
            .withRandomId());
    return of(entries);
  }

  /** The key that was added last. */
  public KeyId newest() {
    return id(entries().getLast());
  }

  /**
   * @throws IllegalArgumentException where it does not have this key
   */
  public Keyset withPrimary(KeyId key) {
    if (!keys.contains(key)) {
      throw new IllegalArgumentException(
          "the keyset has no key %s; it has %s".formatted(key, keys));
    }
    List<KeysetHandle.Entry> inOrder =
        Stream.concat(
                entries().stream().filter(entry -> !id(entry).equals(key)),
                entries().stream().filter(entry -> id(entry).equals(key)))
            .toList();
    return of(copies(inOrder, key));
  }

  public Keyset withPrimaryOnly() {
    return of(copies(List.of(handle.getPrimary()), primary));
  }

  /** Whether everything that the other opens is opened by this, too. */
  boolean includes(Keyset other) {
    return other
        .usable()
        .allMatch(
            theirs ->
                usable()
                    .anyMatch(
                        ours ->
                            ours.getId() == theirs.getId()
                                && ours.getKey().equalsKey(theirs.getKey())));
  }

  byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
    return aead.encrypt(plaintext, associatedData);
  }

  byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
    return aead.decrypt(ciphertext, associatedData);
  }

  private static Keyset of(List<KeysetHandle.Builder.Entry> entries) {
    KeysetHandle.Builder builder = KeysetHandle.newBuilder();
    entries.forEach(builder::addEntry);
    try {
      return new Keyset(builder.build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<KeysetHandle.Builder.Entry> copies(
      List<KeysetHandle.Entry> entries, KeyId primary) {
    List<KeysetHandle.Builder.Entry> copies = new ArrayList<>();
    for (KeysetHandle.Entry entry : entries) {
      KeysetHandle.Builder.Entry copy =
          KeysetHandle.importKey(entry.getKey())
              .withFixedId(entry.getId())
              .setStatus(entry.getStatus());
      copies.add(id(entry).equals(primary) ? copy.makePrimary() : copy);
    }
    return copies;
  }

  private Stream<KeysetHandle.Entry> usable() {
    return entries().stream().filter(entry -> entry.getStatus().equals(KeyStatus.ENABLED));
  }

  private List<KeysetHandle.Entry> entries() {
    return IntStream.range(0, handle.size()).mapToObj(handle::getAt).toList();
  }

  private static NavigableSet<KeyId> sorted(Stream<KeyId> ids) {
    return Collections.unmodifiableNavigableSet(ids.collect(Collectors.toCollection(TreeSet::new)));
  }

  private static KeyId id(KeysetHandle.Entry entry) {
    return new KeyId(entry.getId());
  }

  private static boolean writesItsId(KeysetHandle.Entry entry) {
    return entry.getKey() instanceof AeadKey key
        && key.getOutputPrefix().equals(Bytes.copyFrom(id(entry).prefix()));
  }
}
