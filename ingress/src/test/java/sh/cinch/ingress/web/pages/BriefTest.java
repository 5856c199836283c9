package sh.cinch.ingress.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.readmodel.ReleaseRow;
import sh.cinch.schema.event.ReleaseEvent.FileState;

class BriefTest {

  @Test
  void aTextIsOneShortLineThatTurnsNothing() {
    assertThat(Brief.text("a\u202eb\r\n\u001bc\u2066")).isEqualTo("ab c");
    assertThat(Brief.text("x".repeat(300_000))).hasSize(200).endsWith("x…");
    assertThat(Brief.text("👩‍👩‍👧 שלום")).isEqualTo("👩‍👩‍👧 שלום");
  }

  @Test
  void ofManyTextsTheLastSaysHowManyMoreThereAre() {
    assertThat(Brief.texts(Collections.nCopies(100, "warning"), 2))
        .isEqualTo(List.of("warning", "warning", "and 98 more"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//x", ""})
  void whatIsNoWebAddressIsNoLink(String address) {
    assertThat(ReleaseItem.FileItem.of(file(address)).url()).isEmpty();
  }

  @Test
  void aWebAddressIsOne() {
    assertThat(ReleaseItem.FileItem.of(file("https://bitbucket.org/a")).url()).isPresent();
  }

  private static ReleaseRow.File file(String address) {
    return new ReleaseRow.File(
        "app",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        FileState.DELIVERED,
        Optional.empty(),
        1,
        Optional.empty(),
        List.of(),
        Optional.of(address));
  }
}
