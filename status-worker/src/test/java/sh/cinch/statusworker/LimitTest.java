package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;

/** Bitbucket takes so many requests of an account in an hour, which is a minute here. */
class LimitTest {

  private static final int LIMIT = Scale.of(60, 300);
  private static final int OTHERS_OWN = 3 * (LIMIT / 20);

  private final Stack stack = Stack.SHARED;
  private final Project loud = Project.connected();
  private final Project quiet = Project.connected();

  @AfterEach
  void mend() {
    stack.bitbucket.mend();
    stack.bitbucket.settings(Map.of("hourlyLimit", 0, "windowSeconds", 3600));
  }

  @Test
  void aRefusalRestsTheAccountWithOneProbeAndHoldsUpNoOther() {
    refuseAll();
    report("success", 0, 30);
    awaitWaiting(30);
    assertThat(refused()).isBetween(1, 3);
    assertThat(stack.states.of(loud.commit))
        .allSatisfy(
            state -> {
              assertThat(state.waitingFor()).isEqualTo(WaitingFor.RATE_LIMIT);
              assertThat(state.nextTryAt()).isNotNull();
            });

    quiet.await(quiet.report(quiet.state("success", 1)), DELIVERED);
    int atFirst = refused();
    stack.clock.advance(Duration.ofSeconds(6));
    Project.patiently().until(() -> refused() > atFirst);
    assertThat(refused()).isEqualTo(atFirst + 1);

    stack.bitbucket.mend();
    stack.clock.advance(Duration.ofSeconds(6));
    awaitShown(30);
    assertThat(refused()).isEqualTo(atFirst + 1);
  }

  @Test
  void finalStatesGoFirstAndNothingIsRefusedThatCouldBeForeseen() {
    limit();
    int starts = LIMIT - OTHERS_OWN - LIMIT / 5;
    report("running", 0, LIMIT);
    awaitShown(starts);
    awaitWaiting(LIMIT - starts);
    assertThat(stack.states.of(loud.commit))
        .filteredOn(state -> state.progress() == Progress.WAITING)
        .allSatisfy(
            state ->
                assertThat(state.reason())
                    .matches("waits for Bitbucket's hourly limit, about [0-9]+ (second|minute)s?"));

    int ends = LIMIT / 3;
    report("success", LIMIT, LIMIT + ends);
    int all = LIMIT - OTHERS_OWN;
    awaitShown(all);
    assertThat(loud.writes().subList(starts, all)).containsOnly("SUCCESSFUL");
    awaitWaiting(LIMIT + ends - all);

    stack.clock.advance(Duration.ofSeconds(63));
    awaitShown(LIMIT + ends);
    List<String> then = loud.writes().subList(all, LIMIT + ends);
    assertThat(then.lastIndexOf("SUCCESSFUL")).isLessThan(ends);
    assertThat(refused()).isZero();
  }

  @Test
  void theEndOfABuildWhoseStartWaitsGoesAtOnce() {
    limit();
    int starts = LIMIT - OTHERS_OWN - LIMIT / 5;
    report("running", 0, starts + 2);
    awaitWaiting(2);
    String waiting =
        stack.states.of(loud.commit).stream()
            .filter(state -> state.progress() == Progress.WAITING)
            .map(CommitStatusEvent::key)
            .findFirst()
            .orElseThrow();

    loud.await(loud.report(loud.state("success", 2).put("key", waiting)), DELIVERED);
  }

  @Tag("proof")
  @Test
  @Timeout(600)
  void aThousandStatusesAtALimitOfThreeHundred() {
    int half = 500;
    String other = stack.bitbucket.push(loud.fullName(), "refs/heads/other");
    Duration alone = latency(10);
    stack.bitbucket.settings(
        Map.of("hourlyLimit", LIMIT, "windowSeconds", 60, "scaledHeaders", false));
    Instant began = Instant.now();
    report("running", 0, half);
    IntStream.range(0, half)
        .forEach(
            i -> loud.report(loud.state("success", 1).put("commit", other).put("key", "k" + i)));
    List<Duration> beside = new ArrayList<>();
    int startsBeforeTheLastFinal = 0;
    int finals = 0;
    while (finals < half || loud.writes().size() < half) {
      assertThat(began.plusSeconds(500)).isAfter(Instant.now());
      beside.add(latency(1));
      if (finals < half) {
        startsBeforeTheLastFinal = loud.writes().size();
        finals = stack.bitbucket.writes(loud.fullName(), other).size();
      }
    }
    int refused = refused() + stack.bitbucket.refused("*" + other + "*");
    Proof.of("One account's thousand statuses at a limit of 300")
        .that(
            "500 states that do not end a build and 500 that do, reported in this order to a worker"
                + " that knows the limit of 300 requests in 60 s; another account's statuses beside"
                + " them")
        .figure("posted after", seconds(Duration.between(began, Instant.now())))
        .figure("requests refused", refused)
        .figure("other states posted before the last final one", startsBeforeTheLastFinal)
        .figure("median latency of the other account, alone", millis(alone))
        .figure("beside them", millis(median(beside)))
        .written();
    assertThat(refused).isLessThan(20);
    assertThat(startsBeforeTheLastFinal).isLessThan(300);
  }

  @Tag("proof")
  @Test
  @Timeout(300)
  void threeHundredStatusesWhileAllIsRefused() {
    Duration outage = Duration.ofSeconds(45);
    report("running", 0, 10);
    awaitShown(10);
    refuseAll();
    Instant began = Instant.now();
    report("success", 0, LIMIT - OTHERS_OWN - 30);
    List<Duration> beside = new ArrayList<>();
    while (Instant.now().isBefore(began.plus(outage))) {
      beside.add(latency(1));
    }
    int refused = refused();
    stack.bitbucket.mend();
    Instant mended = Instant.now();
    awaitShown(LIMIT - OTHERS_OWN - 30);
    Proof.of("An account whose requests are all refused for 45 seconds")
        .that(
            "429 without Retry-After to every post of one account, of which %d statuses wait"
                .formatted(LIMIT - OTHERS_OWN - 30))
        .figure("requests refused", refused)
        .figure("all posted after its end", seconds(Duration.between(mended, Instant.now())))
        .figure("median latency of another account meanwhile", millis(median(beside)))
        .written();
    assertThat(refused).isLessThan(20);
  }

  /** Of the other account: from the report to what Bitbucket shows. */
  private Duration latency(int statuses) {
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < statuses; i++) {
      Project one = Project.connected();
      Instant began = Instant.now();
      one.report(one.state("success", 1));
      Project.patiently().until(() -> !one.writes().isEmpty());
      took.add(Duration.between(began, Instant.now()));
    }
    return median(took);
  }

  private static Duration median(List<Duration> some) {
    return some.stream().sorted().toList().get(some.size() / 2);
  }

  private void limit() {
    stack.bitbucket.settings(Map.of("hourlyLimit", LIMIT, "windowSeconds", 60));
  }

  private void refuseAll() {
    loud.fault(
        Map.of(
            "method",
            "POST",
            "kind",
            "status",
            "status",
            429,
            "headers",
            Map.of("Content-Type", "text/plain"),
            "body",
            "Rate limit for this resource has been exceeded"));
  }

  private void report(String state, int from, int to) {
    IntStream.range(from, to)
        .forEach(i -> loud.report(loud.state(state, 1 + i % 2).put("key", "k" + i)));
  }

  private int refused() {
    return stack.bitbucket.refused("*" + loud.commit + "*");
  }

  private void awaitWaiting(int many) {
    patiently()
        .until(
            () ->
                stack.states.of(loud.commit).stream()
                    .filter(state -> state.progress() == Progress.WAITING)
                    .count(),
            count -> count == many);
  }

  private void awaitShown(int many) {
    patiently()
        .until(
            () -> stack.bitbucket.statuses(loud.fullName(), loud.commit).size(),
            count -> count == many);
  }

  private static ConditionFactory patiently() {
    return Project.patiently().atMost(Duration.ofSeconds(40));
  }

  private static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1000.0);
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
