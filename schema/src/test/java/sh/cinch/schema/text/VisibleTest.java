package sh.cinch.schema.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 0x07, 0x08, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x9d, 0xad, 0x200b, 0x200e, 0x202e, 0x2028,
        0x2066, 0x2069, 0xfeff, 0x3164, 0xd83d, 0xe0041, 0xe0101
      })
  void whatIsNotSeenIsSpeltOut(int c) {
    String text = "a" + Character.toString(c) + "b";

    assertThat(Visible.oneLine(text)).isEqualTo("a\\u{%x}b".formatted(c));
    assertThat(Visible.lines(text)).isEqualTo("a\\u{%x}b".formatted(c));
  }

  @Test
  void whatIsSeenStays() {
    String text = "Grüße, שלום, 日本 🗼 ❤️ a\u0301 “x”\u00a0…";

    assertThat(Visible.oneLine(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource({
    "'a\r\n\tb', a b",
    "'\na\u0085', a",
    "'a\u2028\u2029b', a b",
    "'a \nb', a b",
    "'a\u202eb\u2069c', abc",
    "'a\u3164\u200bb', ab",
    "'\u202e\ufeff', ''"
  })
  void onAPageWhatIsHiddenIsLeftOut(String text, String plain) {
    assertThat(Visible.plain(text)).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "👩‍👩‍👧",
        "🏴\udb40\udc67\udb40\udc62\udb40\udc7f",
        "می\u200cخواهم",
        "❤️",
        "שלום, e\u0301"
      })
  void onAPageWhatIsPartOfACharacterStays(String text) {
    assertThat(Visible.plain(text)).isEqualTo(text);
  }

  @Test
  void onAPageNoTagHidesAnythingBehindOtherCharacters() {
    assertThat(Visible.plain("a" + Character.toString(0xe0041))).isEqualTo("a");
    assertThat(Visible.plain("🏴b" + Character.toString(0xe0041))).isEqualTo("🏴b");
  }

  @Test
  void linesStayOnlyWhereTheyAreOurs() {
    assertThat(Visible.oneLine("a\n\tb")).isEqualTo("a\\u{a}\\u{9}b");
    assertThat(Visible.lines("a\n\tb")).isEqualTo("a\n\tb");
  }
}
