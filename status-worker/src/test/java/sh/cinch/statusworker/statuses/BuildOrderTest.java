package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BuildOrderTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private long offset;

  @Test
  void timeOrdersWhereOneHasNoSequence() {
    ReportedState early = report("1", null, 1, false);
    ReportedState late = report("1", 1L, 2, false);
    assertThat(BuildOrder.wanted(List.of(late, early))).isEqualTo(late);
  }

  @Test
  void sequenceOrdersWhateverTheClocksSay() {
    ReportedState second = report("1", 2L, 1, false);
    ReportedState first = report("1", 1L, 9, false);
    assertThat(BuildOrder.wanted(List.of(second, first))).isEqualTo(second);
  }

  @Test
  void offsetDecidesWithinOneInstant() {
    ReportedState before = report("1", null, 1, false);
    ReportedState after = report("1", null, 1, false);
    assertThat(BuildOrder.wanted(List.of(after, before))).isEqualTo(after);
  }

  @Test
  void aNumberedBuildThatIsOverStaysOver() {
    ReportedState success = report("1", 1L, 1, true);
    ReportedState running = report("1", 2L, 9, false);
    assertThat(BuildOrder.wanted(List.of(success, running))).isEqualTo(success);
  }

  @Test
  void withoutANumberABuildMayBeginAgain() {
    ReportedState success = report("", null, 1, true);
    ReportedState running = report("", null, 2, false);
    assertThat(BuildOrder.wanted(List.of(success, running))).isEqualTo(running);
  }

  @Test
  void theBuildThatBeganLaterHoldsTheStatus() {
    ReportedState firstBegins = report("1", null, 1, false);
    ReportedState secondBegins = report("2", null, 2, false);
    ReportedState firstEnds = report("1", null, 9, true);
    assertThat(BuildOrder.wanted(List.of(firstBegins, secondBegins, firstEnds)))
        .isEqualTo(secondBegins);
  }

  @Test
  void aBuildThatTurnsOutToHaveBegunEarlierGivesTheStatusBack() {
    ReportedState first = report("1", null, 2, true);
    ReportedState secondEnds = report("2", null, 3, true);
    ReportedState secondBegan = report("2", null, 1, false);
    assertThat(BuildOrder.wanted(List.of(first, secondEnds))).isEqualTo(secondEnds);
    assertThat(BuildOrder.wanted(List.of(first, secondEnds, secondBegan))).isEqualTo(first);
  }

  @Test
  void ofBuildsThatBeganTogetherTheHigherNumberHoldsTheStatus() {
    ReportedState ninth = report("9", null, 1, false);
    ReportedState tenth = report("10", null, 1, false);
    assertThat(BuildOrder.wanted(List.of(tenth, ninth))).isEqualTo(tenth);
  }

  /**
   * Reports come one after the other, and after each only what contends is kept. In every order the
   * same one is wanted at the end.
   */
  @Test
  void everyOrderOfArrivalEndsInTheSameReport() {
    Random random = new Random(412);
    for (int round = 0; round < 100; round++) {
      offset = 0;
      List<ReportedState> reports = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        reports.add(
            report(
                List.of("", "9", "10").get(random.nextInt(3)),
                random.nextBoolean() ? null : (long) random.nextInt(3),
                random.nextInt(4),
                random.nextInt(3) == 0));
      }
      ReportedState wanted = BuildOrder.wanted(reports);
      for (List<ReportedState> order : Permutations.of(reports)) {
        assertThat(arriving(order)).as("%s", order).isEqualTo(wanted);
      }
    }
  }

  @Test
  void ofManyReportsOfABuildFewAreKept() {
    List<ReportedState> kept = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      kept.add(report("1", i % 2 == 0 ? null : (long) i, i, false));
      kept = new ArrayList<>(BuildOrder.contending(kept));
    }
    assertThat(kept).hasSize(3);
  }

  private static ReportedState arriving(List<ReportedState> order) {
    List<ReportedState> kept = new ArrayList<>();
    for (ReportedState report : order) {
      kept.add(report);
      kept = new ArrayList<>(BuildOrder.contending(kept));
    }
    return BuildOrder.wanted(kept);
  }

  private ReportedState report(
      String number, @Nullable Long sequence, int second, boolean isFinal) {
    long at = offset++;
    return new ReportedState(
        "event-" + at, "", number, sequence, NOON.plusSeconds(second), isFinal, 0, at);
  }
}
