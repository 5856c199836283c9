package sh.cinch.acceptance.deliveries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.DELIVERY;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.TopicReader;

/**
 * Whatever goes away under load, each push that was taken is on the topic: as a whole, in order,
 * and repeated only under its one id.
 */
class DeliveryFaultsTest {

  private static final int TIMES = Scale.of(1, 5);
  private static final int STARTS = Scale.of(1, 10);
  private static final int ROLLED = 2;
  private static final int REPOSITORIES = Scale.of(4, 8);
  private static final int BRANCHES = 2;
  private static final Duration EVERY = Duration.ofMillis(Scale.of(200, 100));

  /** Pushes that are taken before a fault, and after it. */
  private static final int WELL = Scale.of(20, 1_000);

  /** Longer than Kafka may take for one record. */
  private static final Duration AWAY = Duration.ofSeconds(Scale.of(4, 60));

  private static final Duration DOWN = Duration.ofSeconds(Scale.of(2, 60));
  private static final Duration HOT = Duration.ofSeconds(Scale.of(2, 60));
  private static final Duration COLD = Duration.ofSeconds(20);
  private static final int WIDE = 500;
  private static final Duration BETWEEN_WIDE = Duration.ofMillis(Scale.of(300, 2_000));
  private static final int BURST = 200;
  private static final int A_SECOND = 200;
  private static final Duration BITBUCKETS_PATIENCE = Duration.ofSeconds(10);

  /** Bitbucket's in the proof; longer where a cold process shares its cores with other tests. */
  private static final Duration BURSTS_PATIENCE = Duration.ofSeconds(Scale.of(30, 10));

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
      load.goOn(WELL);

      ended(load)
          .isInOrderAndOnce()
          .hasGivenUpNone()
          .proof(
              "Kafka absent at the very first delivery",
              "An instance that was started without Kafka, which came %d s later"
                  .formatted(AWAY.toSeconds()))
          .written();
    }
  }

  @Test
  void brokerKilled() throws Exception {
    stand.mend(1);
    try (Load load = load().wide(stand.connect(), WIDE, BETWEEN_WIDE)) {
      for (int i = 0; i < TIMES; i++) {
        load.goOn(WELL);
        stand.kafka().kill();
        stand.kafka().start();
      }
      load.goOn(WELL);

      ended(load)
          .isInOrderAndOnce()
          .hasGivenUpNone()
          .proof(
              "Kafka killed under load",
              "The broker killed with SIGKILL and started again, %d times; pushes of %d refs among"
                      .formatted(TIMES, WIDE)
                  + " the others")
          .written();
    }
  }

  @Test
  void brokerPaused() throws Exception {
    stand.mend(1);
    try (Load load = load()) {
      load.goOn(WELL);
      stand.kafka().pause();
      load.during(AWAY);
      stand.kafka().resume();
      load.goOn(WELL);

      ended(load)
          .isInOrderAndOnce()
          .hasGivenUpNone()
          .proof(
              "Kafka paused under load",
              "The broker paused with SIGSTOP for %d s".formatted(AWAY.toSeconds()))
          .written();
    }
  }

  @Test
  void databaseDown() throws Exception {
    stand.mend(1);
    try (Load load = load()) {
      load.goOn(WELL);
      stand.stopDatabase();
      load.during(DOWN);
      stand.startDatabase();
      load.goOn(WELL);

      ended(load)
          .isInOrderAndOnce()
          .proof(
              "PostgreSQL down under load",
              "PostgreSQL stopped for %d s".formatted(DOWN.toSeconds()))
          .written();
    }
  }

  @Test
  void databaseAbsentAtAColdStart() throws Exception {
    stand.mend(0);
    List<Connected> repositories = stand.connect(REPOSITORIES);
    stand.stopDatabase();
    stand.startUnready();
    try (Load load = load(repositories)) {
      load.during(DOWN);
      stand.startDatabase();
      load.goOn(WELL);

      ended(load)
          .isInOrderAndOnce()
          .proof(
              "PostgreSQL absent at a cold start",
              "An instance that was started without PostgreSQL, which came %d s later"
                  .formatted(DOWN.toSeconds()))
          .written();
    }
  }

  @Test
  void ingressKilledAndReplaced() throws Exception {
    stand.mend(1);
    try (Load load = load()) {
      for (int i = 0; i < TIMES; i++) {
        load.goOn(WELL);
        stand.kill();
        stand.start();
      }
      load.goOn(WELL);
      stand.start();
      stand.stop();
      load.goOn(WELL);

      ended(load)
          .isInOrderAndOnce(Push::isOfUnknownOrigin)
          .proof(
              "The ingress killed under load",
              "Its only instance killed with SIGKILL and started again, %d times; then replaced by"
                      .formatted(TIMES)
                  + " another and stopped with SIGTERM")
          .written();
    }
  }

  @Test
  void oneOfTwoInstancesKilled() throws Exception {
    stand.mend(2);
    try (Load load = load()) {
      for (int i = 0; i < TIMES; i++) {
        load.goOn(WELL);
        stand.kill();
        load.goOn(WELL);
        if (i + 1 < TIMES) {
          stand.start();
        }
      }

      ended(load)
          .isInOrderAndOnce(Push::isOfUnknownOrigin)
          .hasGivenUpNone()
          .proof(
              "One of two instances killed under load",
              "One of two instances killed with SIGKILL and another one started, %d times"
                  .formatted(TIMES))
          .written();
    }
  }

  @Test
  @Tag("proof")
  void everythingRolled() throws Exception {
    stand.mend(2);
    try (Load load = load()) {
      for (int i = 0; i < ROLLED; i++) {
        for (int instance = 0; instance < 2; instance++) {
          stand.start();
          stand.stop();
        }
        load.goOn(WELL);
        stand.kafka().stop();
        stand.kafka().start();
        load.goOn(WELL);
        stand.stopDatabase();
        stand.startDatabase();
        load.goOn(WELL);
      }

      ended(load)
          .isInOrderAndOnce(Push::isOfUnknownOrigin)
          .proof(
              "Everything rolled under load",
              "Two instances replaced one after the other, then the broker and PostgreSQL stopped"
                  + " and started, all of it %d times".formatted(ROLLED))
          .written();
    }
  }

  @Test
  void aHotRepositoryKeepsItsOrderAndDelaysNoOther() throws Exception {
    stand.mend(1);
    List<Push> without;
    try (Load others = load()) {
      others.during(HOT);
      without = others.end();
    }
    Connected hot = stand.connect();
    try (Load load = load().flood(hot, 40, A_SECOND)) {
      load.during(HOT);
      List<Push> pushes = load.end();
      List<Push> others = pushes.stream().filter(push -> !push.to().equals(hot)).toList();

      Check.of(pushes, topic)
          .isInOrderAndOnce()
          .hasGivenUpNone()
          .proof(
              "A hot repository beside others",
              "%d pushes a second to one repository, for %d s".formatted(A_SECOND, HOT.toSeconds()))
          .figure("of the pushes, to the hot repository", pushes.size() - others.size())
          .figure("99 % of the others answered within ms", millis(others))
          .figure("99 % of them without the hot one, within ms", millis(without))
          .written();
      assertThat(others)
          .flatExtracting(Push::attempts)
          .allMatch(attempt -> attempt.took().compareTo(BITBUCKETS_PATIENCE) < 0);
    }
  }

  /** Within which so many were answered at first. */
  private static long millis(List<Push> pushes) {
    List<Duration> sorted =
        pushes.stream().map(push -> push.attempts().getFirst().took()).sorted().toList();
    return sorted.get((int) Math.ceil(0.99 * sorted.size()) - 1).toMillis();
  }

  @Test
  void aColdProcessTakesABurstWhole() throws Exception {
    List<Push> pushes = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      stand.mend(0);
      stand.mend(1);
      try (Load load = Load.overGoodLines(BURSTS_PATIENCE).burst(stand.connect(), BURST)) {
        pushes.addAll(load.end());
      }
    }

    assertThat(pushes).hasSize(STARTS * BURST).allMatch(Push::isTaken);
    Check.of(pushes, topic)
        .isInOrderAndOnce()
        .hasTriedNoneAgain()
        .proof(
            "A burst into a cold process",
            "%d starts; the first that each receives are %d deliveries to one repository, all at"
                    .formatted(STARTS, BURST)
                + " once")
        .written();
  }

  @Test
  @Tag("proof")
  void aColdProcessLosesNothingOfAQuickRepository() throws Exception {
    List<Push> pushes = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      stand.mend(0);
      stand.mend(1);
      try (Load load = Load.overGoodLines().branches(stand.connect(), 10, Duration.ofMillis(500))) {
        load.during(COLD);
        pushes.addAll(load.end());
      }
    }

    assertThat(pushes).allMatch(Push::isTaken);
    Check.of(pushes, topic)
        .isInOrderAndOnce()
        .proof(
            "A quick repository and a cold process",
            "%d starts; from then on 20 deliveries a second to one repository, for %d s"
                .formatted(STARTS, COLD.toSeconds()))
        .written();
  }

  @Test
  void ofMoreThanAThousandChangesTheFirstThousandArePublishedAndTheLogSaysSo() throws Exception {
    stand.mend(1);
    Connected repository = stand.connect();
    try (Load load = Load.overGoodLines()) {
      load.deliver(repository, Load.moved(Load.branches(RequestLimits.CHANGES + 50), List.of()));

      List<Push> published =
          load.end().stream().map(push -> push.of(RequestLimits.CHANGES)).toList();
      Check unused = Check.of(published, topic).isInOrderAndOnce();
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
    return load(stand.connect(REPOSITORIES));
  }

  private static Load load(List<Connected> repositories) {
    Load load = Load.overBadLines();
    for (Connected repository : repositories) {
      Load unused = load.branches(repository, BRANCHES, EVERY);
    }
    return load;
  }

  private static Check ended(Load load) throws InterruptedException {
    return Check.of(load.end(), topic);
  }
}
