package sh.cinch.schema.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutTest {

  @ParameterizedTest
  @CsvSource({
    "abc, 3, abc",
    "abcd, 3, ab…",
    "🗼🗼🗼, 3, 🗼🗼🗼",
    "🗼🗼🗼🗼, 3, 🗼🗼…",
    "ab👩‍👩‍👧cdefghi, 5, ab…",
    "abcde\u0301fgh, 6, abcd…",
    "abcd, 1, …"
  })
  void whatIsCutEndsWithAMarkAndBetweenCharacters(String text, int longest, String cut) {
    assertThat(Cut.to(text, longest)).isEqualTo(cut);
  }

  @Test
  void whatIsOneCharacterForEverIsCutAllTheSame() {
    String cut = Cut.to("e" + "\u0301".repeat(100_000), 1_000);

    assertThat(cut.codePointCount(0, cut.length())).isEqualTo(1_000);
  }
}
