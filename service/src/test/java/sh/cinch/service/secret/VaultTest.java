package sh.cinch.service.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VaultTest {

  private static final CiphertextLocation HERE =
      new CiphertextLocation("token_service.credential", "1", "refresh_secret");

  private final Vault vault = Vault.open(Vault.newKeyset());

  @Test
  void opensWhatItSealed() {
    byte[] sealed = vault.seal(Secret.of("r1"), HERE);
    assertThat(vault.unseal(sealed, HERE).reveal()).isEqualTo("r1");
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("r1");
  }

  @Test
  void aCiphertextMovedToAnotherRowDoesNotOpen() {
    byte[] sealed = vault.seal(Secret.of("r1"), HERE);
    for (CiphertextLocation elsewhere :
        new CiphertextLocation[] {
          new CiphertextLocation(HERE.table(), "2", HERE.column()),
          new CiphertextLocation(HERE.table(), HERE.row(), "access_secret"),
          new CiphertextLocation("ingress.hook", HERE.row(), HERE.column())
        }) {
      assertThatThrownBy(() -> vault.unseal(sealed, elsewhere))
          .isInstanceOf(Vault.Unreadable.class)
          .hasMessageContaining("CINCH_KEYSET");
    }
  }

  @Test
  void anotherKeysetDoesNotOpenIt() {
    byte[] sealed = vault.seal(Secret.of("r1"), HERE);
    Vault other = Vault.open(Vault.newKeyset());
    assertThatThrownBy(() -> other.unseal(sealed, HERE)).isInstanceOf(Vault.Unreadable.class);
  }

  @Test
  void whatIsNoKeysetIsRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> Vault.open(Secret.of("{\"key\":\"hunter2\"}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  @Test
  void aSecretShowsNothing() {
    Secret secret = Secret.of("hunter2");
    assertThat(secret).hasToString("Secret").isEqualTo(Secret.of("hunter2"));
    assertThat(secret.matches(Secret.of("hunter3"))).isFalse();
    assertThat(String.format("%s %s", secret, new CiphertextLocation("a", "b", "c")))
        .doesNotContain("hunter");
  }
}
