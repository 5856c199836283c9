package sh.cinch.statusworker.storm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import sh.cinch.schema.event.BuildState.State;

/**
 * What is told of many builds, in the order in which it comes: mostly as it happened, often twice,
 * late or backwards, and of some builds never the end.
 */
final class Builds {

  private static final List<State> ENDS =
      List.of(State.SUCCESS, State.SUCCESS, State.FAILURE, State.ERROR, State.CANCELLED);

  /** Two builds, all of both told twice. */
  private static final int MOST_OF_A_STATUS = 12;

  private final Random random;
  private final Instant from;
  private final Duration apart;
  private final int span;
  private final List<Coming> coming = new ArrayList<>();
  private final Map<Integer, Report> newest = new HashMap<>();
  private int statuses;

  /**
   * @param turn when it comes, among all the others
   */
  private record Coming(int turn, Report report) {}

  /**
   * @param from when the first one is told
   * @param apart so long before the next
   */
  Builds(Random random, int events, Instant from, Duration apart) {
    this.random = random;
    this.from = from;
    this.apart = apart;
    this.span = Math.max(8, events / 50);
    while (coming.size() < events) {
      status(coming.size(), events - coming.size());
    }
    coming.sort(Comparator.comparingInt(Coming::turn));
  }

  int statuses() {
    return statuses;
  }

  List<Report> inOrderOfComing() {
    return coming.stream().map(Coming::report).toList();
  }

  /** What the status must show in the end. */
  Report newest(int status) {
    return Objects.requireNonNull(newest.get(status));
  }

  /**
   * @param most events
   */
  private void status(int turn, int most) {
    boolean hasSequence = random.nextBoolean();
    boolean isBuiltAgain = most >= MOST_OF_A_STATUS && random.nextInt(8) == 0;
    boolean hasNumber = isBuiltAgain || random.nextInt(4) > 0;
    List<Coming> all = new ArrayList<>(build(turn, 1, hasNumber, hasSequence));
    if (isBuiltAgain) {
      all.addAll(build(turn + span / 2, 2, hasNumber, hasSequence));
    }
    all.subList(0, Math.min(most, all.size())).forEach(this::add);
    statuses++;
  }

  private void add(Coming one) {
    coming.add(one);
    newest.merge(
        statuses,
        one.report(),
        (some, other) -> Report.NEWER.compare(some, other) < 0 ? other : some);
  }

  private List<Coming> build(int turn, int build, boolean hasNumber, boolean hasSequence) {
    State end = ENDS.get(random.nextInt(ENDS.size()));
    int running = turn + 1 + random.nextInt(span / 4);
    int over = running + 1 + random.nextInt(span / 2);
    List<Report> told = new ArrayList<>();
    List<Integer> happened = List.of(turn, running, over);
    List<State> states = List.of(State.PENDING, State.RUNNING, end);
    for (int i = 0; i < states.size(); i++) {
      told.add(
          new Report(
              statuses,
              build,
              i + 1,
              states.get(i),
              hasNumber,
              hasSequence,
              from.plus(apart.multipliedBy(happened.get(i)))));
    }
    int late = over + 1 + random.nextInt(span / 4);
    List<Integer> turns =
        switch (random.nextInt(8)) {
          case 0 -> List.of(turn, late, over);
          case 1 -> List.of(late + 1, late, turn);
          case 2 -> List.of(turn, running);
          default -> happened;
        };
    List<Coming> all = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      all.add(new Coming(turns.get(i), told.get(i)));
      if (random.nextInt(6) == 0) {
        all.add(new Coming(turns.get(i) + random.nextInt(span), told.get(i)));
      }
    }
    return all;
  }
}
