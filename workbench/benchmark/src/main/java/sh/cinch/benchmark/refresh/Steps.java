package sh.cinch.benchmark.refresh;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sh.cinch.benchmark.figures.Sample;

/** What was timed, by what it was. */
final class Steps {

  enum Step {
    LEASE_THAT_REFRESHES,
    LEASE_FROM_MEMORY,
    SIMULATOR,
    LOOK,
    UPDATE_AND_COMMIT,
    STORE,
    STORE_AND_TELL
  }

  /** Something whose duration is wanted. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  private final Map<Step, List<Long>> durations = new EnumMap<>(Step.class);

  /** Takes its time, and does not count it yet. */
  static long time(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return System.nanoTime() - begin;
  }

  void timed(Step step, Work work) throws Exception {
    add(step, time(work));
  }

  void add(Step step, long nanos) {
    durations.computeIfAbsent(step, unused -> new ArrayList<>()).add(nanos);
  }

  Sample sample(Step step) {
    return Sample.of(durations.getOrDefault(step, List.of()));
  }
}
