package sh.cinch.statusworker.statuses;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.naturalOrder;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the reports of one status it should show. A function of the set of reports, so that it
 * does not matter in which order, how often or through which instance they came.
 */
final class BuildOrder {

  /** Across partitions nothing tells which came later; one rule, so that all instances agree. */
  static final Comparator<ReportedState> IN_TIME =
      comparing(ReportedState::occurredAt)
          .thenComparingInt(ReportedState::partition)
          .thenComparingLong(ReportedState::offset);

  private static final Comparator<ReportedState> IN_SEQUENCE =
      Comparator.<ReportedState>comparingLong(
              report -> report.sequence() == null ? 0 : report.sequence())
          .thenComparing(IN_TIME);

  /** Builds that began in the same instant: by number, 9 before 10. */
  private static final Comparator<String> BY_NUMBER =
      comparingInt(String::length).thenComparing(naturalOrder());

  private BuildOrder() {}

  /**
   * @param reports at least one
   */
  static ReportedState wanted(Collection<ReportedState> reports) {
    return builds(reports).values().stream()
        .max(
            comparing(BuildOrder::began)
                .thenComparing(build -> build.getFirst().number(), BY_NUMBER))
        .flatMap(build -> newest(build).max(IN_TIME))
        .orElseThrow();
  }

  /** The reports that decide, now and whatever else may come: at most three of each build. */
  static Set<ReportedState> contending(Collection<ReportedState> reports) {
    Set<ReportedState> contending = new HashSet<>();
    for (List<ReportedState> build : builds(reports).values()) {
      build.stream().min(IN_TIME).ifPresent(contending::add);
      newest(build).forEach(contending::add);
    }
    return contending;
  }

  private static Map<String, List<ReportedState>> builds(Collection<ReportedState> reports) {
    return reports.stream().collect(Collectors.groupingBy(ReportedState::number));
  }

  private static Instant began(List<ReportedState> build) {
    return build.stream().map(ReportedState::occurredAt).min(naturalOrder()).orElseThrow();
  }

  /**
   * The newest of those with a sequence, and the newest of those without: sequence decides only
   * where both have one, so comparing all of them in pairs could go round in a circle.
   */
  private static Stream<ReportedState> newest(List<ReportedState> build) {
    boolean isOver = isNumbered(build) && build.stream().anyMatch(ReportedState::isFinal);
    List<ReportedState> eligible =
        isOver ? build.stream().filter(ReportedState::isFinal).toList() : build;
    return Stream.of(
            eligible.stream().filter(report -> report.sequence() != null).max(IN_SEQUENCE),
            eligible.stream().filter(report -> report.sequence() == null).max(IN_TIME))
        .flatMap(Optional::stream);
  }

  /** Without a number a key's builds cannot be told apart, and another one may have begun. */
  private static boolean isNumbered(List<ReportedState> build) {
    return !build.getFirst().number().isEmpty();
  }
}
