package sh.cinch.statusworker.statuses;

import static java.util.stream.Collectors.groupingBy;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which ref's status each report is of. A report without a ref belongs to the one that has its
 * number, else to the one with the newest report; all reports of its number go with the first. A
 * function of the set of reports, so that it does not matter in which order, how often or through
 * which instance they came.
 */
final class StatusRefs {

  private StatusRefs() {}

  /**
   * @return the reports of each ref, the ref that was told of first before all others; of the empty
   *     one only where no report names any
   */
  static Map<String, List<ReportedState>> byRef(Collection<ReportedState> reports) {
    List<ReportedState> named =
        reports.stream().filter(StatusRefs::namesRef).sorted(BuildOrder.IN_TIME).toList();
    Stream<Map.Entry<String, ReportedState>> without =
        reports.stream()
            .filter(report -> !namesRef(report))
            .collect(groupingBy(ReportedState::number))
            .values()
            .stream()
            .flatMap(
                build -> {
                  String ref = ref(build, named);
                  return build.stream().map(report -> Map.entry(ref, report));
                });
    return Stream.concat(named.stream().map(report -> Map.entry(report.ref(), report)), without)
        .collect(
            groupingBy(
                Map.Entry::getKey,
                LinkedHashMap::new,
                Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
  }

  private static String ref(List<ReportedState> build, List<ReportedState> named) {
    ReportedState first = build.stream().min(BuildOrder.IN_TIME).orElseThrow();
    List<ReportedState> ofItsNumber =
        first.number().isEmpty()
            ? List.of()
            : named.stream().filter(report -> report.number().equals(first.number())).toList();
    List<ReportedState> candidates = ofItsNumber.isEmpty() ? named : ofItsNumber;
    // As of when it came, so that what is reported later moves no build to another status.
    return candidates.stream()
        .filter(report -> BuildOrder.IN_TIME.compare(report, first) < 0)
        .max(BuildOrder.IN_TIME)
        .or(() -> candidates.stream().min(BuildOrder.IN_TIME))
        .map(ReportedState::ref)
        .orElse("");
  }

  static boolean namesRef(ReportedState report) {
    return !report.ref().isEmpty();
  }
}
