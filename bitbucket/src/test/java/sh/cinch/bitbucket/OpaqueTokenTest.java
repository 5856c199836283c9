package sh.cinch.bitbucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpaqueTokenTest {
  private final OpaqueToken token = new OpaqueToken("s3cret");

  @Test
  void onlyRevealShowsIt() {
    assertThat(token).hasToString("OpaqueToken");
    assertThat(token.reveal()).isEqualTo("s3cret");
  }

  @Test
  void equalByValue() {
    assertThat(token).isEqualTo(new OpaqueToken("s3cret")).isNotEqualTo(new OpaqueToken("other"));
  }

  @Test
  void blankIsNoToken() {
    assertThatThrownBy(() -> new OpaqueToken(" ")).isInstanceOf(IllegalArgumentException.class);
  }
}
