package sh.cinch.service.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {

  private static final String GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void aChildStaysInTheTraceWithASpanOfItsOwn() {
    Traceparent child = Traceparent.continued(GIVEN);
    assertThat(child.trace()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(child.span()).isNotEqualTo("b7ad6b7169203331").hasSize(16);
    assertThat(child.flags()).isEqualTo("01");
  }

  @Test
  void whatItWritesItReads() {
    Traceparent fresh = Traceparent.begin();
    assertThat(Traceparent.parse(fresh.toString())).contains(fresh);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
      })
  void aMalformedHeaderBeginsATrace(String header) {
    assertThat(Traceparent.parse(header)).isEmpty();
    assertThat(Traceparent.continued(header).trace())
        .isNotEqualTo("0af7651916cd43dd8448eb211c80319c");
  }
}
