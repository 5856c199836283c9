package sh.cinch.bitbucket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WellFormedTest {
  @Test
  void wholeTextIsTheSameInstance() {
    String text = "größer 🗼";

    assertThat(WellFormed.text(text)).isSameAs(text);
  }

  @Test
  void halfPairsAreReplacedAndWholeOnesKept() {
    assertThat(WellFormed.text("\ud83da🗼\udc00\ud83d")).isEqualTo("\ufffda🗼\ufffd\ufffd");
  }
}
