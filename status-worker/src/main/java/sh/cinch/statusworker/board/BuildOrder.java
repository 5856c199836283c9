package sh.cinch.statusworker.board;

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
  private static final Comparator<Report> IN_TIME =
      comparing(Report::occurredAt)
          .thenComparingInt(Report::partition)
          .thenComparingLong(Report::offset);

  private static final Comparator<Report> IN_SEQUENCE =
      Comparator.<Report>comparingLong(report -> report.sequence() == null ? 0 : report.sequence())
          .thenComparing(IN_TIME);

  /** Builds that began in the same instant: by number, 9 before 10. */
  private static final Comparator<String> BY_NUMBER =
      comparingInt(String::length).thenComparing(naturalOrder());

  private BuildOrder() {}

  /**
   * @param reports at least one
   */
  static Report wanted(Collection<Report> reports) {
    return builds(reports).values().stream()
        .max(
            comparing(BuildOrder::began)
                .thenComparing(build -> build.getFirst().number(), BY_NUMBER))
        .flatMap(build -> newest(build).max(IN_TIME))
        .orElseThrow();
  }

  /** The reports that decide, now and whatever else may come: at most three of each build. */
  static Set<Report> contending(Collection<Report> reports) {
    Set<Report> contending = new HashSet<>();
    for (List<Report> build : builds(reports).values()) {
      build.stream().min(IN_TIME).ifPresent(contending::add);
      newest(build).forEach(contending::add);
    }
    return contending;
  }

  private static Map<String, List<Report>> builds(Collection<Report> reports) {
    return reports.stream().collect(Collectors.groupingBy(Report::number));
  }

  private static Instant began(List<Report> build) {
    return build.stream().map(Report::occurredAt).min(naturalOrder()).orElseThrow();
  }

  /**
   * The newest of those with a sequence, and the newest of those without: sequence decides only
   * where both have one, so comparing all of them in pairs could go round in a circle.
   */
  private static Stream<Report> newest(List<Report> build) {
    boolean isOver = isNumbered(build) && build.stream().anyMatch(Report::isFinal);
    List<Report> eligible = isOver ? build.stream().filter(Report::isFinal).toList() : build;
    return Stream.of(
            eligible.stream().filter(report -> report.sequence() != null).max(IN_SEQUENCE),
            eligible.stream().filter(report -> report.sequence() == null).max(IN_TIME))
        .flatMap(Optional::stream);
  }

  /** Without a number a key's builds cannot be told apart, and another one may have begun. */
  private static boolean isNumbered(List<Report> build) {
    return !build.getFirst().number().isEmpty();
  }
}
