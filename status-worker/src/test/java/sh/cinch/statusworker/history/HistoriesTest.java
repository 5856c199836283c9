package sh.cinch.statusworker.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;

/**
 * Whatever runners tell, in whatever order, and whatever breaks meanwhile: in the end every status
 * shows the newest state of its build, and no post goes back but by a request of unknown end that
 * lands late.
 */
class HistoriesTest {

  private static final List<String> IDENTITIES = List.of("key", "key+refname");

  @Test
  void everyHistoryEndsRight() throws Exception {
    List<LongStream> batches = new ArrayList<>();
    Long alone = Long.getLong("cinch.history.seed");
    int histories = Integer.getInteger("cinch.history.count", Scale.of(40, 4_000));
    int batch = histories > 100 ? 100 : 20;
    long first = Long.getLong("cinch.history.first", 1);
    if (alone != null) {
      IDENTITIES.forEach(each -> batches.add(LongStream.of(alone)));
    } else {
      for (long seed = first; seed < first + histories; seed += batch) {
        batches.add(LongStream.range(seed, seed + batch));
      }
    }
    List<Finding> findings = new ArrayList<>();
    int records = 0;
    int statuses = 0;
    int ambiguous = 0;
    int posts = 0;
    int excused = 0;
    Instant began = Instant.now();
    try (HistoryStand stand = new HistoryStand()) {
      for (int i = 0; i < batches.size(); i++) {
        HistoryStand.Outcome outcome =
            stand.run(batches.get(i), IDENTITIES.get(i % IDENTITIES.size()));
        findings.addAll(outcome.findings());
        System.err.println("DBG batch " + i + " after " + Duration.between(began, Instant.now()) + " " + outcome.findings().size());
        records += outcome.records();
        statuses += outcome.statuses();
        ambiguous += outcome.ambiguous();
        posts += outcome.posts();
        excused += outcome.excused();
      }
      System.err.println("seconds " + Duration.between(began, Instant.now()).toMillis()/1000.0+" records "+records+" statuses "+statuses+" ambiguous "+ambiguous+" posts "+posts+" excused "+excused+" rebalances "+stand.rebalances()+" kills "+stand.kills()+" findings "+findings.size());
    }
    assertThat(findings).isEmpty();
  }
}
