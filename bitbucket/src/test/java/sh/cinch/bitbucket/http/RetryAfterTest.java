package sh.cinch.bitbucket.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final String NOON = "Tue, 24 Nov 2026 12:00:00 GMT";

  @Test
  void secondsAreTakenAsTheyAre() {
    assertThat(RetryAfter.read(" 90 ", null)).contains(Duration.ofSeconds(90));
  }

  @Test
  void aDateCountsFromTheAnswersOwn() {
    assertThat(RetryAfter.read("Tue, 24 Nov 2026 12:01:30 GMT", NOON))
        .contains(Duration.ofSeconds(90));
  }

  @Test
  void aDateThatHasPassedIsNow() {
    assertThat(RetryAfter.read(NOON, "Tue, 24 Nov 2026 12:01:30 GMT")).contains(Duration.ZERO);
  }

  @Test
  void aDateWithoutAnotherSaysNothing() {
    assertThat(RetryAfter.read(NOON, null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999"})
  void anythingElseSaysNothing(String value) {
    assertThat(RetryAfter.read(value, NOON)).isEmpty();
  }
}
