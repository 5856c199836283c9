package sh.cinch.acceptance.rolling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import sh.cinch.schema.event.BuildState.State;

/**
 * What one ref's builds have told under a key of a commit, and what its status has to show: of the
 * build that began last its end, else the newest that it has told.
 */
final class Check {

  private final int id;
  private final String commit;
  private final String key;
  private final String ref;
  private final List<Report> told = new ArrayList<>();

  /**
   * @param id stands in the address of all that is reported
   */
  Check(int id, String commit, String key, String ref) {
    this.id = id;
    this.commit = commit;
    this.key = key;
    this.ref = ref;
  }

  int id() {
    return id;
  }

  String commit() {
    return commit;
  }

  String key() {
    return key;
  }

  String ref() {
    return ref;
  }

  /**
   * @param number of the build; they begin in this order
   * @param sequence within the build, in which only the last may be its end
   */
  record Report(int number, int sequence, State state) {

    static final Comparator<Report> NEWER =
        Comparator.comparingInt(Report::number)
            .thenComparing(report -> report.state.isFinal())
            .thenComparingInt(Report::sequence);
  }

  synchronized void add(Report report) {
    told.add(report);
  }

  /** Empty until anything was told. */
  synchronized Optional<Report> wanted() {
    return told.stream().max(Report.NEWER);
  }

  synchronized Report told(int number, int sequence) {
    return told.stream()
        .filter(report -> report.number == number && report.sequence == sequence)
        .findFirst()
        .orElseThrow();
  }

  /** Where people read about it; by it each state that is shown can be told from all others. */
  String url(Report report) {
    return "https://ci.example.com/%d/%d/%d".formatted(id, report.number, report.sequence);
  }

  @Override
  public synchronized String toString() {
    return "check %d: %s".formatted(id, told);
  }
}
