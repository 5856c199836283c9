package sh.cinch.statusworker.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.statusworker.storm.BadWay.Fate;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;

/**
 * Whatever comes to harm on the way and whoever dies meanwhile: every build ends right. Other
 * counts and seeds: {@code -Dcinch.storm.events} and {@code -Dcinch.storm.seed}.
 */
class StormTest {

  private static final int EVENTS =
      Integer.getInteger("cinch.storm.events", Scale.of(400, 100_000));
  private static final int INSTANCES = Scale.of(2, 3);
  private static final int REPOSITORIES = Scale.of(4, 40);
  private static final int REBALANCES = Math.max(1, EVENTS / 1_000);
  private static final Duration APART = Duration.ofNanos(Scale.of(8_000_000, 10_000_000));
  private static final Duration BETWEEN_KILLS = Duration.ofMillis(Scale.of(1_600, 10_000));

  /** Of one token, within ten seconds; some need more at times. */
  private static final int LIMIT = Scale.of(60, 80);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path logs;

  @Test
  @Timeout(3600)
  void everyBuildEndsRight() throws Exception {
    long seed = Long.getLong("cinch.storm.seed", System.nanoTime());
    try (Storm storm = new Storm(new Random(seed), logs)) {
      storm.start(INSTANCES);
      Instant began = Instant.now();
      Builds builds = new Builds(new Random(seed), EVENTS, began, APART);
      storm.prepare(REPOSITORIES, builds.statuses());
      storm.bitbucket.settings(Map.of("hourlyLimit", LIMIT, "windowSeconds", 10));
      int before = storm.rebalances();
      Instant first = Instant.now();
      storm.rage(builds.inOrderOfComing(), APART, BETWEEN_KILLS);
      Instant last = Instant.now();
      int rebalances = storm.rebalances() - before;
      storm.settle();
      Instant settled = Instant.now();

      Aftermath aftermath = new Aftermath(builds, storm);
      assertThat(aftermath.wrong()).as("by the seed %d", seed).isEmpty();
      assertThat(storm.instances.killed()).isPositive();
      assertThat(rebalances).isGreaterThanOrEqualTo(REBALANCES);
      tell(storm, builds, aftermath, rebalances, first, last, settled);
    }
  }

  private static void tell(
      Storm storm,
      Builds builds,
      Aftermath aftermath,
      int rebalances,
      Instant first,
      Instant last,
      Instant settled) {
    BadWay way = storm.way;
    Proof.of("%,d build states among faults, kills and rebalances".formatted(EVENTS))
        .that(
            ("%d processes, of which the one longest at work is killed with SIGKILL every %d"
                 + " seconds and another one comes; every fourth time one more ends by SIGTERM. 5"
                 + " %% of all requests to Bitbucket are answered 5xx, half of them after their"
                 + " effect; of 2 %% the connection closes before, of 1 %% after it; 0.5 %% are"
                 + " answered 429 with Retry-After, and Bitbucket takes %d of one token in ten"
                 + " seconds, which no worker is told. %d repositories with a token each, of which"
                 + " a quarter has half the builds; what is told comes late, backwards, twice,"
                 + " under other record keys, of builds that are built again, and of some never the"
                 + " end; broker, database, Bitbucket and all instances on the same machine")
                .formatted(INSTANCES, BETWEEN_KILLS.toSeconds(), LIMIT, REPOSITORIES))
        .figure("build states told, the repeated ones too", storm.told())
        .figure("within", seconds(first, last))
        .figure("all at rest after another", seconds(last, settled))
        .figure("processes killed", storm.instances.killed())
        .figure("processes ended by SIGTERM", storm.instances.stopped())
        .figure(
            "seconds from one kill to the next, on average",
            "%.1f"
                .formatted(
                    Duration.between(first, last).toMillis() / 1000.0 / storm.instances.killed()))
        .figure("rebalances of the group that reads build states, by its generation", rebalances)
        .figure("requests to Bitbucket", way.all())
        .figure("of these answered 5xx", way.count(Fate.SERVER_ERROR))
        .figure("connections closed before", way.count(Fate.RESET))
        .figure("answers lost", way.count(Fate.LOST_ANSWER))
        .figure("answered 429 on the way", way.count(Fate.RATE_LIMIT))
        .figure("refused by Bitbucket's own limit", storm.bitbucket.refused("/2.0/*"))
        .figure("posts that had an effect", aftermath.writes())
        .figure("statuses, each as it was told last", builds.statuses())
        .figure("outcomes, of each build state one in the end", aftermath.told())
        .figure("of these sent once more after a kill", aftermath.repeated())
        .figure("statuses wrong, outcomes missing or double, dead letters", 0)
        .written();
  }

  private static String seconds(Instant from, Instant to) {
    return "%d s".formatted(Duration.between(from, to).toSeconds());
  }
}
