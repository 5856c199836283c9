package sh.cinch.service.due;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackOffTest {

  @Test
  void doublesFromTwoSecondsToTenMinutes() {
    assertThat(BackOff.after(1)).isBetween(Duration.ofMillis(2_000), Duration.ofMillis(2_400));
    assertThat(BackOff.after(3)).isBetween(Duration.ofMillis(8_000), Duration.ofMillis(9_600));
    assertThat(BackOff.after(9)).isBetween(Duration.ofSeconds(512), Duration.ofSeconds(615));
    assertThat(BackOff.after(10)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(12));
    assertThat(BackOff.after(1000)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(12));
  }

  @Test
  void whatFailedTogetherComesBackApart() {
    Set<Duration> pauses = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      pauses.add(BackOff.after(5));
    }
    assertThat(pauses).hasSizeGreaterThan(30);
  }

  @Test
  void aCommitThatIsNotFoundIsAskedForThreeTimesMore() {
    assertThat(BackOff.afterNotFound(1)).contains(Duration.ofSeconds(5));
    assertThat(BackOff.afterNotFound(3)).contains(Duration.ofMinutes(2));
    assertThat(BackOff.afterNotFound(4)).isEmpty();
  }
}
