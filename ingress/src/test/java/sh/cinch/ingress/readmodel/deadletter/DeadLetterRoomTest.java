package sh.cinch.ingress.readmodel.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static sh.cinch.database.ingress.Tables.DEAD_LETTER;
import static sh.cinch.database.ingress.Tables.UNLISTED_DEAD_LETTER;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.testkit.TestServers;

/** A flood of dead letters takes no more room than it may, and what goes is counted. */
class DeadLetterRoomTest {

  private static final int OF_ONE_REASON = 3;
  private static final int OF_ALL = 5;
  private static final DeadLetterFilter ALL =
      new DeadLetterFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private final Instant at = Instant.parse("2026-11-23T12:00:00Z");
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private static TestParts parts;
  private ListedDeadLetters letters;
  private DeadLetterRoom room;

  @BeforeAll
  static void open() {
    parts = TestParts.open(TestServers.shared().kafka(), TestServers.shared().freshDatabase());
  }

  @AfterAll
  static void close() {
    parts.close();
  }

  @BeforeEach
  void begin() {
    letters = new ListedDeadLetters(parts.database());
    room = new DeadLetterRoom(parts.database(), metrics, OF_ONE_REASON, OF_ALL);
    parts.database().sql().truncate(DEAD_LETTER).execute();
    parts.database().sql().truncate(UNLISTED_DEAD_LETTER).execute();
  }

  @Test
  void whatHasRoomStays() {
    record(0, 3, "'state' is 'passed1'");
    record(3, 5, "unknown repository acme/app1: connect it first");
    assertThat(room.run()).isFalse();
    assertThat(ids()).containsExactly(4, 3, 2, 1, 0);
    assertThat(letters.unlisted()).isEmpty();
  }

  @Test
  void ofOneReasonTheNewestStayAndTheOthersAreCounted() {
    record(0, 7, "field 'state' is 'passed%d': one of pending, running is expected");
    record(7, 8, "unknown repository acme/app: connect it first");
    assertThat(room.run()).isTrue();
    assertThat(room.run()).isFalse();

    assertThat(ids()).containsExactly(7, 6, 5, 4);
    assertThat(letters.unlisted())
        .containsExactly(
            new UnlistedDeadLetters(
                Topic.BUILD_STATE.name(),
                "status-worker",
                "field 'state' is 'passed3': one of pending, running is expected",
                4,
                at,
                at.plusSeconds(3)));
    assertThat(metrics.get("cinch.dead.letters.unlisted").counter().count()).isEqualTo(4);

    record(8, 10, "field 'state' is 'failed%d': one of pending, running is expected");
    room.run();
    assertThat(ids()).containsExactly(9, 8, 7, 6);
    assertThat(letters.unlisted())
        .extracting(UnlistedDeadLetters::count, UnlistedDeadLetters::from, UnlistedDeadLetters::to)
        .containsExactly(tuple(6L, at, at.plusSeconds(5)));
  }

  @Test
  void whatSomebodyHasSeenToGoesFirstAndIsNotCounted() {
    record(0, 6, "of no use");
    letters.drop(id(5), at);
    letters.drop(id(4), at);
    room.run();

    assertThat(ids()).containsExactly(3, 2, 1);
    assertThat(letters.unlisted()).extracting(UnlistedDeadLetters::count).containsExactly(1L);
  }

  @Test
  void allReasonsTogetherHaveABoundToo() {
    String[] words = {"one", "two", "three", "four", "five", "six", "seven"};
    IntStream.range(0, words.length).forEach(i -> record(i, i + 1, words[i]));
    room.run();

    assertThat(ids()).containsExactly(6, 5, 4, 3, 2);
    assertThat(letters.unlisted())
        .extracting(UnlistedDeadLetters::reason)
        .containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void theSameAgainChangesNothing() {
    record(0, 2, "of no use");
    letters.drop(id(0), at);
    record(0, 2, "of no use");
    assertThat(letters.find(id(0)).orElseThrow().state()).isEqualTo(DeadLetterState.DROPPED);
    assertThat(ids()).hasSize(2);
  }

  @Test
  void whatTheTopicHasNoMoreGoes() {
    record(0, 3, "of no use");
    assertThat(ListedDeadLetters.old().delete(parts.database(), at.plusSeconds(2), 10))
        .isEqualTo(2);
    assertThat(ids()).containsExactly(2);
    assertThat(Topic.DEAD_LETTER.retention()).isEqualTo(Duration.ofDays(90));
  }

  private void record(int from, int to, String reason) {
    parts
        .database()
        .write(
            transaction ->
                IntStream.range(from, to)
                    .forEach(
                        i ->
                            DeadLetterRecorder.record(
                                transaction, letter(i, reason.formatted(i)))));
  }

  private Incoming letter(int i, String reason) {
    RecordHeaders headers = new RecordHeaders();
    Map.of(
            "cinch-dlq-topic",
            Topic.BUILD_STATE.name(),
            "cinch-dlq-partition",
            "0",
            "cinch-dlq-offset",
            String.valueOf(i),
            "cinch-dlq-consumer",
            "status-worker",
            "cinch-dlq-reason",
            reason)
        .forEach((name, text) -> headers.add(name, text.getBytes(UTF_8)));
    return new Incoming(
        new ConsumerRecord<>(
            Topic.DEAD_LETTER.name(),
            0,
            i,
            at.plusSeconds(i).toEpochMilli(),
            TimestampType.LOG_APPEND_TIME,
            0,
            1,
            null,
            new byte[1],
            headers,
            Optional.empty()));
  }

  private static String id(int i) {
    return Topic.BUILD_STATE.name() + "-0-" + i;
  }

  /** What is listed, by its number, the newest first. */
  private Iterable<Integer> ids() {
    assertThat(parts.database().sql().fetchCount(DEAD_LETTER)).isLessThan(100);
    return letters.page(ALL, PageRequest.first(100)).items().stream()
        .map(letter -> (int) letter.offset())
        .toList();
  }
}
