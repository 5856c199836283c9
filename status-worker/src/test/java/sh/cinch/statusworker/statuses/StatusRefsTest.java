package sh.cinch.statusworker.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.statusworker.statuses.Arrivals.NOON;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which ref's status a report without a ref is of. */
class StatusRefsTest {

  private static final String MAIN = "refs/heads/main";
  private static final String DEVELOP = "refs/heads/develop";

  private long offset;

  @Test
  void withoutAnyRefThereIsOneStatus() {
    assertThat(refs(report("", "1", 0), report("", "2", 1)))
        .isEqualTo(Map.of("event-0", "", "event-1", ""));
  }

  @Test
  void itGoesWithItsNumber() {
    assertThat(refs(report(MAIN, "1", 0), report(DEVELOP, "2", 1), report("", "1", 2)))
        .containsEntry("event-2", MAIN);
  }

  @Test
  void elseWithTheNewestReport() {
    assertThat(
            refs(
                report(MAIN, "1", 0),
                report(DEVELOP, "2", 1),
                report(MAIN, "1", 2),
                report("", "3", 3),
                report("", "", 3)))
        .containsEntry("event-3", MAIN)
        .containsEntry("event-4", MAIN);
  }

  @Test
  void theFirstRefIsThatOfWhatCameBefore() {
    assertThat(refs(report("", "1", 0), report(DEVELOP, "2", 1), report(MAIN, "3", 2)))
        .containsEntry("event-0", DEVELOP);
  }

  @Test
  void aBuildStaysTogetherAndWhereItIs() {
    assertThat(
            refs(
                report(DEVELOP, "1", 0),
                report("", "9", 1),
                report(MAIN, "2", 2),
                report("", "9", 3),
                report("", "", 4),
                report(DEVELOP, "3", 5),
                report("", "", 6)))
        .containsEntry("event-1", DEVELOP)
        .containsEntry("event-3", DEVELOP)
        .containsEntry("event-4", MAIN)
        .containsEntry("event-6", MAIN);
  }

  /** It gets the key as it is, also where several are told of at once. */
  @Test
  void theRefThatWasToldOfFirstComesFirst() {
    assertThat(
            StatusRefs.byRef(
                List.of(report(DEVELOP, "2", 1), report(MAIN, "1", 0), report("", "2", 2))))
        .extractingFromEntries(Map.Entry::getKey)
        .containsExactly(MAIN, DEVELOP);
  }

  private static Map<String, String> refs(ReportedState... reports) {
    Map<String, String> refs = new HashMap<>();
    for (List<ReportedState> order : Permutations.of(List.of(reports))) {
      Map<String, String> here = new HashMap<>();
      StatusRefs.byRef(order)
          .forEach((ref, some) -> some.forEach(report -> here.put(report.eventId(), ref)));
      assertThat(here).hasSize(reports.length);
      assertThat(refs.isEmpty() || refs.equals(here)).as("%s", order).isTrue();
      refs.putAll(here);
    }
    return refs;
  }

  private ReportedState report(String ref, String number, int second) {
    long at = offset++;
    return new ReportedState(
        "event-" + at, ref, number, null, NOON.plusSeconds(second), false, 0, at);
  }
}
