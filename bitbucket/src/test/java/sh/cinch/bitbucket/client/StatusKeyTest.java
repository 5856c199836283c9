package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StatusKeyTest {

  @Test
  void fortyCharactersAreTaken() {
    String key = "🗼".repeat(40);

    assertThat(new StatusKey(key).value()).isEqualTo(key);
  }

  @Test
  void blankOrTooLongIsNoKey() {
    assertThatThrownBy(() -> new StatusKey(" ")).hasMessageContaining("must not be blank");
    assertThatThrownBy(() -> new StatusKey("x".repeat(41)))
        .hasMessage("a status key has at most 40 characters, not 41");
  }
}
