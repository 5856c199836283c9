package sh.cinch.statusworker.statuses;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.service.Tables.OUTBOX;
import static sh.cinch.database.status_worker.Tables.STATUS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.schema.event.BuildState.State;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.statusworker.Stack;
import sh.cinch.statusworker.outcome.Outcomes;
import sh.cinch.testkit.Scale;

/**
 * Any order, repetition and interleaving of reports through two instances ends in the same
 * statuses, and in the same copy of them where the topic is read.
 */
class ReportPropertyTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Arrivals.NOON);
  private static final int REPORTS = 14;
  private static final int ORDERS = 6;

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  private final Outbox outbox = new Outbox("status-worker");
  private final Arrivals arrivals = new Arrivals();

  /** What a status comes to, but for who was first. */
  private record Shown(String event, State wanted) {}

  @BeforeAll
  static void open() {
    database = Stack.SHARED.emptyDatabase();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void forget() {
    database.sql().truncate(OUTBOX).execute();
  }

  static LongStream seeds() {
    // 289: a status was published under its ref only once something of it changed.
    return LongStream.concat(LongStream.of(289), LongStream.rangeClosed(1, Scale.of(8, 400)));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyOrderEndsInTheSameStatuses(long seed) throws Exception {
    Random random = new Random(seed);
    List<ReceivedBuildState> reports = reports(random);
    Map<String, Shown> first = null;
    for (int order = 0; order < ORDERS; order++) {
      Repository repository = Arrivals.repository();
      record(random, repository, reports);
      Map<String, Shown> ended = copy(repository);
      assertThat(ended).isEqualTo(rows(repository));
      assertThat(ended).as("order %d", order).isEqualTo(first == null ? ended : first);
      first = ended;
    }
  }

  private List<ReceivedBuildState> reports(Random random) {
    List<ReceivedBuildState> reports = new ArrayList<>();
    String[] refs = {null, "main", "develop", "refs/tags/v1"};
    String[] numbers = {null, "1", "2", "3"};
    List<State> states = List.of(State.values());
    for (int i = 0; i < REPORTS; i++) {
      reports.add(
          arrivals.of(
              Arrivals.repository(),
              "e" + i,
              refs[random.nextInt(refs.length)],
              numbers[random.nextInt(numbers.length)],
              states.get(random.nextInt(states.size())),
              random.nextBoolean() ? null : (long) random.nextInt(5),
              random.nextInt(20)));
    }
    return reports;
  }

  /** Through two instances at once, each record by one of them or by both, in batches. */
  private void record(Random random, Repository repository, List<ReceivedBuildState> reports)
      throws Exception {
    List<List<ReceivedBuildState>> halves = List.of(new ArrayList<>(), new ArrayList<>());
    for (ReceivedBuildState report : reports) {
      ReceivedBuildState here = new ReceivedBuildState(repository, report.build(), report.record());
      int by = random.nextInt(3);
      if (by != 0) {
        halves.get(0).add(here);
      }
      if (by != 1) {
        halves.get(1).add(here);
      }
    }
    try (ExecutorService instances = Executors.newFixedThreadPool(2)) {
      List<Callable<Void>> works = new ArrayList<>();
      for (List<ReceivedBuildState> half : halves) {
        Collections.shuffle(half, random);
        int batch = 1 + random.nextInt(4);
        works.add(
            () -> {
              for (int from = 0; from < half.size(); from += batch) {
                List<ReceivedBuildState> some =
                    half.subList(from, Math.min(half.size(), from + batch));
                database.write(
                    transaction -> statuses().record(transaction, some, FirstTurns.NONE));
              }
              return null;
            });
      }
      for (Future<Void> one : instances.invokeAll(works)) {
        one.get();
      }
    }
  }

  private CommitStatuses statuses() {
    return new CommitStatuses(
        new StatusStates(outbox), new Outcomes(outbox, new SimpleMeterRegistry(), CLOCK), CLOCK);
  }

  private static Map<String, Shown> rows(Repository repository) {
    return database
        .sql()
        .selectFrom(STATUS)
        .where(STATUS.REPOSITORY_ID.eq(repository.id()))
        .fetch()
        .stream()
        .collect(
            toMap(
                row -> row.getRef(),
                row ->
                    new Shown(
                        row.getEventId(),
                        ReportedStates.build(
                                new ReportedStates(
                                        database.sql(),
                                        new CommitKey(
                                            row.getRepositoryId(),
                                            row.getCommitHash(),
                                            row.getStatusKey()))
                                    .find(row.getEventId()))
                            .state())));
  }

  /** As a reader of the topic ends up with it: versions rise by one, and nothing is left behind. */
  private static Map<String, Shown> copy(Repository repository) {
    Map<String, CommitStatusEvent> newest = new HashMap<>();
    Map<String, Long> versions = new TreeMap<>();
    database
        .sql()
        .selectFrom(OUTBOX)
        .where(OUTBOX.TOPIC.eq(Topic.COMMIT_STATUS.name()))
        .orderBy(OUTBOX.ID)
        .forEach(
            row -> {
              String key = new String(row.getRecordKey(), StandardCharsets.UTF_8);
              if (!key.startsWith(repository.id().toString())) {
                return;
              }
              if (row.getValue() == null) {
                newest.remove(key);
                return;
              }
              CommitStatusEvent event = event(row.getValue());
              assertThat(event.version()).isGreaterThan(versions.getOrDefault(key, 0L));
              versions.put(key, event.version());
              newest.put(key, event);
            });
    return newest.values().stream()
        .collect(
            toMap(
                event -> event.ref() == null ? "" : event.ref(),
                event -> new Shown(event.causedBy(), event.wanted())));
  }

  private static CommitStatusEvent event(byte[] value) {
    return switch (EventJson.read(value, CommitStatusEvent.class)) {
      case Reading.Good<CommitStatusEvent>(CommitStatusEvent event) -> event;
      case Reading.Bad<CommitStatusEvent>(String reason) -> throw new AssertionError(reason);
    };
  }
}
