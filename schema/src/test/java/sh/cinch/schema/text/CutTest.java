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
    "abcd, 1, …",
    "🇩🇪🇫🇷🇮🇹, 4, 🇩🇪…",
    "👩‍👩‍👧x, 3, 👩‍…"
  })
  void whatIsCutEndsWithAMarkAndBetweenCharacters(String text, int longest, String cut) {
    assertThat(Cut.to(text, longest)).isEqualTo(cut);
  }

  @ParameterizedTest
  @CsvSource({
    "abc, 3, abc",
    "abcd, 3, ab…",
    "🗼🗼, 4, 🗼🗼",
    "🗼🗼🗼, 4, 🗼…",
    "🗼🗼🗼, 5, 🗼🗼…",
    "abcd, 1, …"
  })
  void mayBeCountedInUnits(String text, int longest, String cut) {
    assertThat(Cut.toUnits(text, longest)).isEqualTo(cut);
  }

  @ParameterizedTest
  @CsvSource({
    "abcdefg, 7, abcdefg",
    "abcdefgh, 7, abcd…gh",
    "abcd🗼🗼h, 7, abcd…h",
    "abcdefé, 7, abcd…é",
    "abcdefgé, 5, abc…",
    "abcd, 2, a…",
    "abcd, 1, …"
  })
  void mayBeCutInTheMiddle(String text, int longest, String cut) {
    assertThat(Cut.middle(text, longest)).isEqualTo(cut);
  }

  /** A flag is two letters, so where one begins depends on all before it. */
  @Test
  void noFlagOfManyIsCutInTwo() {
    for (String before : new String[] {"", "a", "ab"}) {
      for (int longest = 90; longest < 100; longest++) {
        String flags = before + "🇩🇪🇫🇷".repeat(100);
        String cut = Cut.to(flags, longest);
        int letters = cut.codePointCount(0, cut.length()) - 1 - before.length();
        assertThat(letters)
            .as("%d of %s", longest, before)
            .isEven()
            .isBetween(longest - 4, longest);
      }
    }
  }

  @Test
  void whatIsOneCharacterForEverIsCutAllTheSame() {
    String cut = Cut.to("e" + "\u0301".repeat(100_000), 1_000);

    assertThat(cut.codePointCount(0, cut.length())).isEqualTo(1_000);
  }
}
