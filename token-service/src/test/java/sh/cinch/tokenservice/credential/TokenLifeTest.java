package sh.cinch.tokenservice.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a token is lent, and when it is replaced. */
class TokenLifeTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    // whole life, age, asked, lasts
    "7200, 0,    60,   true",
    "7200, 7139, 60,   true",
    "7200, 7141, 60,   false",
    "7200, 0,    7200, true",
    "7200, 3599, 7200, true",
    "7200, 3601, 7200, false",
    "2,    0,    60,   true",
    "2,    1,    60,   true",
    "7200, 7194, 0,    true",
    "7200, 7195, 0,    false",
  })
  void aTokenLastsWhatWasAskedOrHalfItsLife(long whole, long age, long asked, boolean lasts) {
    assertThat(life(whole).lasts(Duration.ofSeconds(asked), NOON.plusSeconds(age)))
        .isEqualTo(lasts);
  }

  @ParameterizedTest
  @CsvSource({"7200, 5040, 5760", "3600, 2520, 2880", "600, 300, 300", "2, 1, 1"})
  void theRefreshIsDueBeforeTheEndAndNotAllAtOnce(long whole, long earliest, long latest) {
    Set<Instant> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Instant due = life(whole).wantsRefresh();
      assertThat(due).isBetween(NOON.plusSeconds(earliest), NOON.plusSeconds(latest));
      seen.add(due);
    }
    assertThat(seen.size() > 1).isEqualTo(earliest < latest);
  }

  @Test
  void tenThousandThatWereMadeTogetherAreNotRefreshedTogether() {
    Map<Long, Long> bySecond =
        IntStream.range(0, 10_000)
            .mapToObj(i -> life(7200).wantsRefresh())
            .collect(Collectors.groupingBy(Instant::getEpochSecond, Collectors.counting()));

    assertThat(bySecond.values()).allSatisfy(many -> assertThat(many).isLessThan(50));
    assertThat(bySecond).hasSizeGreaterThan(600);
  }

  @ParameterizedTest
  @CsvSource({"30, 16", "14, 0", "5, 0"})
  void theFirstWarningIsTwoWeeksAheadOrAtOnce(long days, long due) {
    assertThat(life(Duration.ofDays(days).toSeconds()).wantsWarning())
        .isEqualTo(NOON.plus(Duration.ofDays(due)));
  }

  @Test
  void warningsFollowEachOtherUntilTheEnd() {
    TokenLife life = life(Duration.ofDays(30).toSeconds());

    assertThat(life.nextWarning(NOON.plus(Duration.ofDays(16))))
        .hasValue(NOON.plus(Duration.ofDays(27)));
    assertThat(life.nextWarning(NOON.plus(Duration.ofDays(27))))
        .hasValue(NOON.plus(Duration.ofDays(30)));
    assertThat(life.nextWarning(NOON.plus(Duration.ofDays(30)))).isEmpty();
  }

  @Test
  void anEndedTokenIsOfNoUse() {
    assertThat(life(7200).isUsable(NOON.plusSeconds(7200))).isFalse();
    assertThat(new TokenLife(NOON, NOON).lasts(Duration.ZERO, NOON)).isFalse();
  }

  private static TokenLife life(long seconds) {
    return new TokenLife(NOON, NOON.plusSeconds(seconds));
  }
}
