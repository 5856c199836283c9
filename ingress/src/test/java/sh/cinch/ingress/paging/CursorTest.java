package sh.cinch.ingress.paging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CursorTest {

  @Test
  void itsTextIsReadBack() {
    Cursor cursor = new Cursor(Instant.parse("2026-11-24T12:00:00.123456Z"), "a b ü");

    assertThat(Cursor.parse(cursor.text())).contains(cursor);
    assertThat(cursor.text()).matches("[0-9A-Za-z_-]+");
  }

  @Test
  void otherTextsAreNone() {
    assertThat(Cursor.parse("")).isEmpty();
    assertThat(Cursor.parse("%%%")).isEmpty();
    assertThat(Cursor.parse("bm90aGluZw")).isEmpty();
    assertThat(Cursor.parse("eWVzdGVyZGF5IDE")).isEmpty();
  }
}
