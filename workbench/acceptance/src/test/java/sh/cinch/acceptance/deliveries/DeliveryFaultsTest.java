package sh.cinch.acceptance.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.DELIVERY;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.acceptance.deliveries.Push.Attempt;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.TopicReader;

/**
 * Whatever goes away under load, what was taken is on the topic, in order, and repeated only under
 * its one id.
 */
@Execution(ExecutionMode.CONCURRENT)
class DeliveryFaultsTest {

  private static final int TIMES = Scale.of(1, 5);
  private static final int ROLLED = Scale.of(1, 2);
  private static final int REPOSITORIES = Scale.of(4, 8);
  private static final int BRANCHES = Scale.of(2, 4);
  private static final Duration EVERY = Duration.ofMillis(100);

  /** Longer than Kafka may take for one record. */
  private static final Duration AWAY = Duration.ofSeconds(Scale.of(4, 60));

  /** Before a fault and after it. */
  private static final Duration WELL = Duration.ofMillis(Scale.of(500, 10_000));

  private static final int WIDE = 500;
  private static final Duration ARRIVED = Duration.ofSeconds(60);
  private static final Duration BITBUCKETS_PATIENCE = Duration.ofSeconds(10);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static final Running running = new Running();
  private static Stand stand;
  private static TopicReader topic;

  @BeforeAll
  static void begin() {
    stand = running.with(new Stand(folder));
    topic = running.with(new TopicReader(stand.access(), List.of(Topic.PUSH)));
  }

  @AfterAll
  static void end() {
    running.close();
  }

  @Test
  void brokerAbsentAtTheVeryFirstDelivery() throws Exception {
    stand.mend(0);
    stand.kafka().kill();
    stand.start();
    try (Load load = load()) {
      load.during(AWAY);
      stand.kafka().start();
      List<Push> pushes = load.during(WELL).end();

      Proof proof = check("Kafka absent at the very first delivery", "An instance that starts without Kafka, which comes %d s later".formatted(AWAY.toSeconds()), pushes);
      assertThat(pushes).as("%s", proof).noneMatch(Push::isGivenUp);
    }
  }

  @Test
  void brokerKilledAndStarted() throws Exception {
    stand.mend(1);
    try (Load load = load().wide(stand.connect(), WIDE, Duration.ofMillis(300))) {
      for (int i = 0; i < TIMES; i++) {
        load.during(WELL);
        stand.kafka().kill();
        load.during(WELL);
        stand.kafka().start();
      }
      List<Push> pushes = load.during(WELL).end();

      Proof proof =
          check(
              "Kafka killed under load",
              "SIGKILL to the broker, %d times; pushes of %d refs among the others"
                  .formatted(TIMES, WIDE),
              pushes);
      assertThat(pushes).as("%s", proof).noneMatch(Push::isGivenUp);
    }
  }

  @Test
  void brokerPaused() throws Exception {
    stand.mend(1);
    try (Load load = load()) {
      load.during(WELL);
      stand.kafka().pause();
      load.during(AWAY);
      stand.kafka().resume();
      List<Push> pushes = load.during(WELL).end();

      Proof proof =
          check(
              "Kafka paused under load",
              "SIGSTOP to the broker for %d s".formatted(AWAY.toSeconds()),
              pushes);
      assertThat(pushes).as("%s", proof).noneMatch(Push::isGivenUp);
    }
  }

  @Test
  void databaseDown() throws Exception {
    stand.mend(1);
    try (Load load = load()) {
      load.during(WELL);
      stand.stopDatabase();
      load.during(AWAY);
      stand.startDatabase();
      List<Push> pushes = load.during(WELL).end();

      Proof unused =
          check(
              "PostgreSQL down under load",
              "PostgreSQL stopped for %d s".formatted(AWAY.toSeconds()),
              pushes);
    }
  }

  @Test
  void databaseAbsentAtAColdStart() throws Exception {
    stand.mend(0);
    try (Load load = load()) {
      stand.stopDatabase();
      stand.startUnready();
      load.during(AWAY);
      stand.startDatabase();
      stand.awaitReady();
      List<Push> pushes = load.during(WELL).end();

      Proof unused =
          check(
              "PostgreSQL absent at a cold start",
              "An instance that starts without PostgreSQL, which comes %d s later"
                  .formatted(AWAY.toSeconds()),
              pushes);
    }
  }

  @Test
  void ingressKilled() throws Exception {
    stand.mend(1);
    try (Load load = load()) {
      for (int i = 0; i < TIMES; i++) {
        load.during(WELL);
        stand.kill();
        stand.start();
      }
      List<Push> pushes = load.during(WELL).end();

      Proof unused =
          check(
              "The ingress killed under load",
              "SIGKILL to its only instance, %d times, and started again".formatted(TIMES),
              pushes);
    }
  }

  @Test
  void oneOfTwoInstancesKilled() throws Exception {
    stand.mend(2);
    try (Load load = load()) {
      for (int i = 0; i < TIMES; i++) {
        load.during(WELL);
        stand.kill();
        load.during(WELL);
        if (i + 1 < TIMES) {
          stand.start();
        }
      }
      List<Push> pushes = load.end();

      Proof proof =
          check(
              "One of two instances killed under load",
              "SIGKILL to one of two instances, %d times, and another one started"
                  .formatted(TIMES),
              pushes);
      assertThat(pushes).as("%s", proof).noneMatch(Push::isGivenUp);
    }
  }

  @Test
  void everythingRolled() throws Exception {
    stand.mend(2);
    try (Load load = load()) {
      for (int i = 0; i < ROLLED; i++) {
        for (int instance = 0; instance < 2; instance++) {
          stand.start();
          stand.stop();
        }
        load.during(WELL);
        stand.kafka().stop();
        stand.kafka().start();
        load.during(WELL);
        stand.stopDatabase();
        stand.startDatabase();
        load.during(WELL);
      }
      List<Push> pushes = load.end();

      Proof unused =
          check(
              "Everything rolled under load",
              "Two instances replaced one after the other, the broker and PostgreSQL stopped and"
                  + " started, %d times".formatted(ROLLED),
              pushes);
    }
  }

  @Test
  void aHotRepositoryKeepsItsOrderAndDelaysNoOther() throws Exception {
    stand.mend(1);
    Duration time = Duration.ofSeconds(Scale.of(3, 60));
    List<Push> without;
    try (Load others = load()) {
      without = others.during(time).end();
    }
    Connected hot = stand.connect();
    try (Load load = load().branches(hot, 40, Duration.ofMillis(200))) {
      List<Push> pushes = load.during(time).end();

      Predicate<Push> isHot = push -> push.to().equals(hot);
      List<Push> others = pushes.stream().filter(isHot.negate()).toList();
      Proof proof =
          checked("A hot repository beside others", "200 pushes a second to one repository", pushes)
              .figure("of the pushes, to the hot repository", pushes.size() - others.size())
              .figure("99 % of the others within ms, without it", millis(without))
              .figure("99 % of the others within ms, beside it", millis(others));
      proof.written();
      assertThat(pushes).as("%s", proof).noneMatch(Push::isGivenUp);
      assertThat(pushes)
          .as("%s", proof)
          .flatMap(Push::attempts)
          .allMatch(attempt -> attempt.took().compareTo(BITBUCKETS_PATIENCE) < 0);
    }
  }

  @Test
  void aBurstIntoAColdProcessIsTakenWhole() throws Exception {
    int starts = Scale.of(1, 10);
    List<Push> pushes = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      stand.mend(0);
      stand.mend(1);
      try (Load load = new Load().burst(stand.connect(), 200)) {
        pushes.addAll(load.end());
      }
    }

    Proof proof =
        check(
            "200 deliveries at once into a cold process",
            "%d starts, each with 200 deliveries to one repository, all at once, first of all"
                .formatted(starts),
            pushes);
    assertThat(pushes)
        .as("%s", proof)
        .hasSize(starts * 200)
        .allMatch(push -> push.attempts().size() == 1);
  }

  @Test
  void nothingIsLostOnOneRepositoryOfAColdProcess() throws Exception {
    int starts = Scale.of(1, 10);
    List<Push> pushes = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      stand.mend(0);
      stand.mend(1);
      try (Load load = new Load().branches(stand.connect(), 10, Duration.ofMillis(500))) {
        pushes.addAll(load.during(Duration.ofSeconds(Scale.of(2, 50))).end());
      }
    }

    Proof proof =
        check(
            "20 deliveries a second into a cold process",
            "%d starts, each with 20 deliveries a second to one repository from then on"
                .formatted(starts),
            pushes);
    assertThat(pushes).as("%s", proof).allMatch(Push::isTaken);
  }

  @Test
  void ofMoreThanAThousandChangesTheFirstThousandArePublishedAndTheLogSaysSo() throws Exception {
    stand.mend(1);
    Connected repository = stand.connect();
    List<String> branches =
        IntStream.range(0, RequestLimits.CHANGES + 50).mapToObj(i -> "b" + i).toList();
    try (Load load = new Load()) {
      Push push = load.push(repository, branches, List.of());

      assertThat(push.isTaken()).isTrue();
      Push published =
          new Push(
              repository,
              push.moved().subList(0, RequestLimits.CHANGES),
              push.hasOneId(),
              push.attempts());
      Check check = arrived(List.of(published));
      assertThat(check.missing()).isEmpty();
      assertThat(check.strangers()).as("published beyond the first thousand").isEmpty();
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          stand
                              .database()
                              .sql()
                              .select(DELIVERY.REASON)
                              .from(DELIVERY)
                              .where(DELIVERY.REPOSITORY_ID.eq(repository.id()))
                              .fetch(DELIVERY.REASON))
                      .containsExactly(
                          "it has 50 changes more than the 1000 that are published of one"
                              + " delivery"));
    }
  }

  /** Several repositories that are pushed to. */
  private static Load load() {
    Load load = new Load();
    for (Connected repository : stand.connect(REPOSITORIES)) {
      load.branches(repository, BRANCHES, EVERY);
    }
    return load;
  }

  private static Check arrived(List<Push> pushes) {
    await()
        .atMost(ARRIVED)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(new Check(pushes, topic).missing()).isEmpty());
    return new Check(pushes, topic);
  }

  private static Proof check(String title, String circumstances, List<Push> pushes) {
    Proof proof = checked(title, circumstances, pushes);
    proof.written();
    return proof;
  }

  private static Proof checked(String title, String circumstances, List<Push> pushes) {
    Check check = arrived(pushes);
    Proof proof = Proof.of(title).that(circumstances);
    proof
        .figure("pushes", pushes.size())
        .figure("attempts to deliver them", attempts(pushes, attempt -> true))
        .figure("of these answered 2xx", attempts(pushes, Attempt::isTaken))
        .figure("answered 503", attempts(pushes, attempt -> attempt.status() == 503))
        .figure("not answered", attempts(pushes, attempt -> !attempt.isAnswered()))
        .figure("pushes taken at their second or third attempt", pushes.stream().filter(push -> push.isTaken() && push.attempts().size() > 1).count())
        .figure("pushes taken and not on the topic as a whole", check.missing().size())
        .figure("pushes behind one that was sent after they were taken", check.misplaced().size())
        .figure("pushes under two ids", check.doubled().size())
        .figure("records repeated under their id", check.repeated())
        .figure("pushes given up after three attempts", pushes.stream().filter(Push::isGivenUp).count())
        .figure("pushes not tried again where nobody answered", pushes.stream().filter(Push::isForgotten).count())
        .figure("of these two on the topic all the same", check.thereUntaken());
    System.out.println(proof);
    assertThat(check.misplaced()).as("%s", proof).isEmpty();
    assertThat(check.doubled()).as("%s", proof).isEmpty();
    assertThat(check.strangers()).as("%s", proof).isEmpty();
    assertThat(attempts(pushes, attempt -> !attempt.isTaken() && attempt.status() != 503 && attempt.isAnswered())).as("%s", proof).isZero();
    return proof;
  }

  private static long attempts(List<Push> pushes, Predicate<Attempt> which) {
    return pushes.stream().flatMap(push -> push.attempts().stream()).filter(which).count();
  }

  /** Within which 99 % were answered at first. */
  private static long millis(List<Push> pushes) {
    List<Duration> sorted =
        pushes.stream().map(push -> push.attempts().getFirst().took()).sorted().toList();
    return sorted.get((int) Math.ceil(0.99 * sorted.size()) - 1).toMillis();
  }
}
