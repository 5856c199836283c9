package sh.cinch.tokenservice.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a failed credential waits. */
class RefreshAttemptTest {

  @ParameterizedTest
  @CsvSource({"0, 1, 2", "1, 2, 4", "3, 8, 16", "6, 60, 120", "1000, 60, 120"})
  void aFailureIsTriedAgainLaterEachTimeAndWithinTheGrace(int failures, int least, int most) {
    for (int i = 0; i < 50; i++) {
      assertThat(RefreshAttempt.afterFailure(failures))
          .isBetween(Duration.ofSeconds(least), Duration.ofSeconds(most));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "119, 119", "3600, 120"})
  void whatTheForgeAsksForIsObeyedWithinTheGrace(int asked, int waited) {
    assertThat(RefreshAttempt.asAsked(Duration.ofSeconds(asked)))
        .isEqualTo(Duration.ofSeconds(waited));
  }
}
