package sh.cinch.service.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.ManualClock;

class RepetitionsTest {

  private final ManualClock clock = new ManualClock();
  private final Repetitions<String> lines = new Repetitions<>(clock);

  @Test
  void ofEachKindOneIsWrittenInAMinute() {
    assertThat(lines.next("one")).hasValue(0);
    assertThat(lines.next("one")).isEmpty();
    assertThat(lines.next("other")).hasValue(0);

    clock.advance(Duration.ofSeconds(59));
    assertThat(lines.next("one")).isEmpty();
  }

  @Test
  void theNextSaysHowManyWereLeftOut() {
    lines.next("one");
    lines.next("one");
    lines.next("one");

    clock.advance(Duration.ofMinutes(1));
    assertThat(lines.next("one")).hasValue(2);
    assertThat(lines.next("one")).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    assertThat(lines.next("one")).hasValue(1);
  }

  @Test
  void whatWasWrittenLongestAgoIsForgottenFirst() {
    lines.next("oldest");
    lines.next("older");
    clock.advance(Duration.ofMinutes(1));
    lines.next("oldest"); // is not that any more
    for (int i = 0; i < 9_999; i++) {
      lines.next("kind " + i);
    }

    assertThat(lines.next("oldest")).isEmpty();
    assertThat(lines.next("kind 0")).isEmpty();
    lines.next("one more");
    assertThat(lines.next("oldest")).hasValue(0);
  }
}
