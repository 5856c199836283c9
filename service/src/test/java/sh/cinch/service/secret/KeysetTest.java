package sh.cinch.service.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import org.junit.jupiter.api.Test;

/** How a keyset's keys follow one another. */
class KeysetTest {

  private static final CiphertextLocation HERE =
      new CiphertextLocation("token_service.credential", "1", "refresh_secret");

  private final Keyset first = Keyset.fresh();
  private final Keyset prepared = first.withFreshKey();
  private final Keyset rotated = prepared.withPrimary(prepared.newest());

  @Test
  void aCiphertextSaysUnderWhichKeyItIs() {
    byte[] sealed = vault(rotated).seal(Secret.of("r1"), HERE);

    assertThat(KeyId.of(sealed)).contains(rotated.primary());
    assertThat(sealed).startsWith(rotated.primary().prefix());
    assertThat(KeyId.of(new byte[] {0, 1, 2, 3, 4})).isEmpty();
    assertThat(KeyId.of(new byte[] {1, 2, 3})).isEmpty();
  }

  @Test
  void anIdReadsAsInTheKeysetsJson() {
    KeyId id = new KeyId(-2);

    assertThat(id).hasToString("4294967294").isGreaterThan(new KeyId(7));
    assertThat(KeyId.parse("4294967294")).isEqualTo(id);
    assertThat(first.text().reveal()).contains("\"primaryKeyId\":" + first.primary());
    assertThatThrownBy(() -> KeyId.parse("0x7f"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'0x7f' is not the id of a key");
  }

  @Test
  void aPreparedKeyOpensAndDoesNotEncryptYet() {
    assertThat(prepared.primary()).isEqualTo(first.primary());
    assertThat(prepared.keys()).containsExactlyInAnyOrder(first.primary(), prepared.newest());
    assertThat(prepared.lasting()).as("what need not be moved").isEqualTo(prepared.keys());
  }

  @Test
  void afterARotationTheOldKeyStillOpens() {
    byte[] old = vault(first).seal(Secret.of("r1"), HERE);

    assertThat(rotated.primary()).isEqualTo(prepared.newest()).isNotEqualTo(first.primary());
    assertThat(vault(rotated).unseal(old, HERE).reveal()).isEqualTo("r1");
    assertThat(rotated.lasting()).containsExactly(rotated.primary());
    assertThat(rotated.includes(first)).isTrue();
    assertThat(first.includes(rotated)).isFalse();
  }

  @Test
  void aKeyThatIsMadePrimaryAgainIsTheNewest() {
    Keyset back = rotated.withPrimary(first.primary());

    assertThat(back.primary()).isEqualTo(first.primary());
    assertThat(back.newest()).isEqualTo(first.primary());
    assertThat(back.lasting()).containsExactly(first.primary());
    assertThatThrownBy(() -> first.withPrimary(rotated.primary()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(rotated.primary().toString());
  }

  @Test
  void withItsPrimaryOnlyItForgetsTheOthers() {
    byte[] old = vault(first).seal(Secret.of("r1"), HERE);
    Keyset pruned = rotated.withPrimaryOnly();

    assertThat(pruned.keys()).containsExactly(rotated.primary());
    assertThatThrownBy(() -> vault(pruned).unseal(old, HERE))
        .isInstanceOf(Vault.Unreadable.class)
        .hasMessageContaining("with key " + first.primary() + ", which CINCH_KEYSET does not have");
  }

  @Test
  void anotherKeyWithTheSameIdIsNotTheSameKey() {
    assertThat(Keysets.withOtherKeys(first).keys()).isEqualTo(first.keys());
    assertThat(Keysets.withOtherKeys(first).includes(first)).isFalse();
  }

  @Test
  void aKeysetWhoseCiphertextsDoNotNameTheirKeyIsRefused() throws Exception {
    KeysetHandle raw =
        KeysetHandle.newBuilder()
            .addEntry(
                KeysetHandle.generateEntryFromParametersName("AES256_GCM_RAW")
                    .withRandomId()
                    .makePrimary())
            .build();
    Secret text =
        Secret.of(TinkJsonProtoKeysetFormat.serializeKeyset(raw, InsecureSecretKeyAccess.get()));

    assertThatThrownBy(() -> Keyset.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("outputPrefixType is not TINK");
  }

  private static Vault vault(Keyset keyset) {
    return Vault.open(keyset.text());
  }
}
