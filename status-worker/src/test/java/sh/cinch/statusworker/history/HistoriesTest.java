package sh.cinch.statusworker.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;

/**
 * Whatever runners tell, in whatever order, and whatever breaks meanwhile: in the end every status
 * shows the newest state of its build, and no post goes back but by a request of unknown end that
 * lands late. One history alone: {@code -Dcinch.history.seed}; others: {@code
 * -Dcinch.history.first} and {@code -Dcinch.history.count}.
 */
class HistoriesTest {

  private static final List<String> IDENTITIES = List.of("key", "key+refname");
  private static final int OF_EACH_FAULT = 6;

  @SuppressWarnings("NullAway.Init")
  private static HistoryStand stand;

  @BeforeAll
  static void start() {
    stand = new HistoryStand();
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  @Test
  @Timeout(3600)
  void everyHistoryEndsRight() throws Exception {
    Totals totals = new Totals();
    List<LongStream> batches = batches();
    for (int i = 0; i < batches.size(); i++) {
      totals.add(stand.run(batches.get(i), IDENTITIES.get(i % IDENTITIES.size())));
    }
    assertThat(totals.findings).isEmpty();
    totals.prove();
  }

  private static List<LongStream> batches() {
    Long alone = Long.getLong("cinch.history.seed");
    if (alone != null) {
      return IDENTITIES.stream().map(each -> LongStream.of(alone)).toList();
    }
    long first = first();
    List<LongStream> batches = new ArrayList<>();
    int batch = Scale.of(8, 20);
    for (long seed = first; seed < first + count(); seed += batch) {
      batches.add(LongStream.range(seed, seed + batch));
    }
    return batches;
  }

  private static long first() {
    return Long.getLong("cinch.history.first", 1);
  }

  private static int count() {
    return Integer.getInteger("cinch.history.count", Scale.of(16, 2_000));
  }

  /** What became of all histories. */
  private static final class Totals {

    private final Instant began = Instant.now();
    private final List<Finding> findings = new ArrayList<>();
    private int records;
    private int statuses;
    private int ambiguous;
    private int posts;
    private int excused;

    void add(HistoryStand.Outcome outcome) {
      findings.addAll(outcome.findings());
      records += outcome.records();
      statuses += outcome.statuses();
      ambiguous += outcome.ambiguous();
      posts += outcome.posts();
      excused += outcome.excused();
    }

    void prove() {
      Proof proof =
          Proof.of("Histories of builds, held against the contract")
              .that(
                  "Random histories, each of one repository and two commits: records out of order,"
                      + " repeated, replayed, bad, by wrong clocks, with and without refs, numbers"
                      + " and sequences; up to three instances that come, go and die; 5xx, 429,"
                      + " resets, lost answers, late effects, pauses beyond a claim, outages of"
                      + " 404, renames, other credentials, a limit of ten requests a minute;"
                      + " under both identities. The model knows the contract's words"
                      + " and nothing of the worker")
              .figure(
                  "histories, by their seeds", "%d to %d".formatted(first(), first() + count() - 1))
              .figure("records told", records)
              .figure("statuses, each as the model has it", statuses)
              .figure("of these where the contract leaves a choice", ambiguous)
              .figure("posts", posts)
              .figure("that went back by a request that landed late, and were corrected", excused)
              .figure(
                  "instances that came or went; of these killed",
                  stand.rebalances() + "; " + stand.kills())
              .figure("most statuses that waited for the limit at once", stand.limited())
              .figure("findings", findings.size())
              .figure("seconds", Duration.between(began, Instant.now()).toSeconds());
      proof.written();
    }
  }

  /** Each is planted in a few histories of one run; in those beside them nothing is found. */
  @Test
  @Timeout(120)
  void plantedFaultsAreFound() throws Exception {
    List<History> all = new ArrayList<>();
    Map<String, PlantedFault> byCommit = new HashMap<>();
    Map<Long, PlantedFault> bySeed = new HashMap<>();
    long seed = 1_000_000;
    for (PlantedFault fault : PlantedFault.ALL) {
      List<History> some = new ArrayList<>();
      for (int i = 0; i < OF_EACH_FAULT; i++) {
        History history = new History(seed++, stand);
        bySeed.put(history.seed(), fault);
        for (String commit : history.commits()) {
          byCommit.put(commit, fault);
          // Not every history has a request that is lost where that counts.
          stand.bitbucket.fault(Map.of("path", "*" + commit + "*", "kind", "reset", "times", 2));
        }
        some.add(history);
      }
      fault.plant(stand.database, some);
      all.addAll(some);
    }
    for (int i = 0; i < OF_EACH_FAULT; i++) {
      all.add(new History(seed++, stand));
    }
    stand.wire.meddle(
        (post, forward) -> {
          PlantedFault fault = byCommit.get(post.commit);
          return fault == null
              ? forward.applyAsInt(post.body)
              : fault.meddler().meddle(post, forward);
        });
    HistoryStand.Outcome outcome = stand.run(all, "key+refname");
    stand.wire.meddle(null);

    Map<PlantedFault, Set<Finding.Kind>> found = new HashMap<>();
    List<Finding> beside = new ArrayList<>();
    for (Finding finding : outcome.findings()) {
      PlantedFault fault = bySeed.get(finding.seed());
      if (fault == null) {
        beside.add(finding);
      } else {
        found.computeIfAbsent(fault, one -> EnumSet.noneOf(Finding.Kind.class)).add(finding.kind());
      }
    }
    assertThat(beside).isEmpty();
    for (PlantedFault fault : PlantedFault.ALL) {
      assertThat(found.getOrDefault(fault, Set.of()))
          .as("found of %s, in %s", fault, seeds(bySeed, fault))
          .containsAnyElementsOf(fault.foundAs());
    }
  }

  private static List<Long> seeds(Map<Long, PlantedFault> bySeed, PlantedFault of) {
    return bySeed.keySet().stream().filter(seed -> of.equals(bySeed.get(seed))).sorted().toList();
  }
}
