package sh.cinch.benchmark.statuses;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.figures.Sample;

/** Builds are reported one after the other: how soon is each on the forge? */
final class DelayRounds {

  /** What is not compiled yet takes twice as long; a worker runs for weeks. */
  private static final int WARM_UPS = 10;

  /** With another latency. */
  private static final int FURTHER_WARM_UPS = 2;

  private final Plan plan;
  private final StatusStand stand;
  private final BarePoster bare;
  private final StatusWorker worker;
  private final Statuses statuses;
  private int pairs;

  DelayRounds(
      Plan plan, StatusStand stand, BarePoster bare, StatusWorker worker, Statuses statuses) {
    this.plan = plan;
    this.stand = stand;
    this.bare = bare;
    this.worker = worker;
    this.statuses = statuses;
  }

  Delay run(int latencyMs) throws Exception {
    stand.latency(latencyMs);
    List<Delay.Pair> all = new ArrayList<>();
    try (BareConsumer consumer = new BareConsumer(stand, bare)) {
      for (int i = pairs == 0 ? WARM_UPS : FURTHER_WARM_UPS; i > 0; i--) {
        Delay.Pair unused = pair(consumer);
      }
      for (int i = 1; i <= plan.rounds(); i++) {
        Delay.Pair pair = pair(consumer);
        plan.tell(
            "from event to post at %d ms, %d of %d: bare %.1f ms, status-worker %.1f ms, ratio %.2f"
                .formatted(
                    latencyMs,
                    i,
                    plan.rounds(),
                    pair.bare().median(),
                    pair.worker().median(),
                    pair.ratio()));
        all.add(pair);
      }
    }
    return new Delay(latencyMs, all);
  }

  /** Each of the two is first in every other pair. */
  private Delay.Pair pair(BareConsumer consumer) throws Exception {
    pairs++;
    if (pairs % 2 == 0) {
      Sample first = worker();
      return new Delay.Pair(bare(consumer), first);
    }
    Sample first = bare(consumer);
    return new Delay.Pair(first, worker());
  }

  private Sample bare(BareConsumer consumer) {
    List<Build> builds = builds();
    consumer.expect(builds);
    Map<String, Instant> reported =
        stand.runner().report(builds, consumer.topic(), Delay.EVENTS_PER_SECOND);
    consumer.await();
    return delays(reported);
  }

  private Sample worker() throws Exception {
    List<Build> builds = builds();
    Map<String, Instant> reported =
        stand.runner().report(builds, BareConsumer.LIKE.name(), Delay.EVENTS_PER_SECOND);
    statuses.await(builds, worker::requireAlive);
    return delays(reported);
  }

  private List<Build> builds() {
    long count = plan.round().toMillis() * Delay.EVENTS_PER_SECOND / 1000;
    return stand.buildsInTurn((int) Math.max(1, count));
  }

  private Sample delays(Map<String, Instant> reported) {
    Map<String, Instant> posted = stand.writes();
    return Sample.of(
        reported.entrySet().stream()
            .map(each -> Duration.between(each.getValue(), at(posted, each.getKey())).toNanos())
            .toList());
  }

  private static Instant at(Map<String, Instant> posted, String commit) {
    return Objects.requireNonNull(posted.get(commit), "every build was posted");
  }
}
