package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommitStatusTest {
  @Test
  void whatFitsStaysAsItIs() {
    String text = "🗼".repeat(127) + "x";

    assertThat(status(text, null).name()).isEqualTo(text);
    assertThat(status(text, null).description()).isEqualTo(text);
  }

  /** However Bitbucket counts. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "🗼"})
  void whatDoesNotIsForTheCallerToShorten(String c) {
    String tooLong = c.repeat(256 / c.length());

    assertThatThrownBy(() -> status(tooLong, null))
        .hasMessage("the name of a status has at most 255 characters");
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
