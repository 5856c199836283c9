package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.WellFormed;

class CommitStatusTest {
  @Test
  void whatFitsStaysAsItIs() {
    String text = "x".repeat(255);

    assertThat(status(text, null).name()).isEqualTo(text);
    assertThat(status(text, null).description()).isEqualTo(text);
  }

  @Test
  void whatDoesNotIsCutAndSaysSo() {
    assertThat(status("x".repeat(256), null).name()).isEqualTo("x".repeat(254) + "…");
    assertThat(status("x".repeat(9_999), null).description()).isEqualTo("x".repeat(254) + "…");
  }

  @Test
  void noPairIsSplit() {
    assertThat(status("x" + "🗼".repeat(200), null).name()).isEqualTo("x" + "🗼".repeat(126) + "…");
  }

  @Test
  void noFamilyIsSplit() {
    String family = "👩‍👩‍👧";

    assertThat(status("x".repeat(250) + family, null).name()).isEqualTo("x".repeat(250) + "…");
  }

  @ParameterizedTest
  @ValueSource(strings = {"👩", "👩\ufe0f", "👩\ufe0f\ufe0f"})
  void oneEndlessCharacterIsCutBetweenPairs(String start) {
    assertThat(status(start + "\u200d👩".repeat(200), null).name())
        .hasSizeBetween(254, 255)
        .endsWith("…")
        .satisfies(name -> assertThat(WellFormed.text(name)).isEqualTo(name));
  }

  @ParameterizedTest
  @CsvSource({
    "refs/heads/main, main",
    "main, main",
    "refs/heads/refs/heads/x, refs/heads/x",
    "refs/tags/v1, v1",
    "feature/refs/heads, feature/refs/heads",
    ","
  })
  void theRefIsSentByItsShortName(@Nullable String ref, @Nullable String refname) {
    assertThat(status("x", ref).refname()).isEqualTo(refname);
  }

  private static CommitStatus status(String text, @Nullable String ref) {
    var url = new StatusUrl("https://ci.example.com/1");
    return new CommitStatus(new StatusKey("unit"), State.SUCCESSFUL, text, text, url, ref);
  }
}
