package sh.cinch.ingress.pushes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;
import static sh.cinch.ingress.pushes.PushStand.LONG;
import static sh.cinch.ingress.pushes.PushStand.MUCH;
import static sh.cinch.ingress.pushes.PushStand.NO_WAIT;
import static sh.cinch.ingress.pushes.PushStand.event;
import static sh.cinch.ingress.pushes.PushStand.ids;
import static sh.cinch.ingress.pushes.PushStand.meanwhile;
import static sh.cinch.ingress.pushes.PushStand.only;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.http.Problem;

@OnSharedServers
class PushesTest {

  private static final Optional<String> NOW = Optional.empty();
  private static final Optional<String> EARLIEST = Optional.of("earliest");
  private static final Predicate<Repository> ALL = Objects::nonNull;

  private static TestParts parts;

  private final UUID app = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();
  private PushStand stand;

  @BeforeAll
  static void open() {
    parts = SharedServers.context();
  }

  @AfterAll
  static void closeAll() {
    parts.close();
  }

  @BeforeEach
  void begin() {
    stand = new PushStand(parts, MUCH);
  }

  @AfterEach
  void close() {
    stand.close();
  }

  private void remembering(long bytes) {
    stand.close();
    stand = new PushStand(parts, bytes);
  }

  @Test
  void withoutACursorItBeginsNow() {
    stand.push(0, app, "before");
    String next = stand.read(NOW, ALL).next();
    assertThat(stand.read(Optional.of(next), ALL).items()).isEmpty();

    String after = stand.push(0, app, "after");

    assertThat(ids(stand.read(Optional.of(next), 50, LONG, ALL))).containsExactly(after);
  }

  /** From memory, or from Kafka where that remembers nothing. */
  @ParameterizedTest
  @ValueSource(longs = {0, 2_000, MUCH})
  void allThatIsKeptComesInTheOrderOfEachRepository(long remembered) {
    remembering(remembered);
    List<UUID> repositories = List.of(app, other, UUID.randomUUID());
    Map<UUID, List<String>> pushed = new HashMap<>();
    for (int i = 0; i < 8; i++) {
      for (int partition = 0; partition < PushStand.PARTITIONS; partition++) {
        UUID repository = repositories.get(partition);
        pushed
            .computeIfAbsent(repository, none -> new ArrayList<>())
            .add(stand.push(partition, repository, "b" + i));
      }
    }

    Map<UUID, List<String>> read = new HashMap<>();
    Optional<String> after = EARLIEST;
    for (int i = 0; i < 5; i++) {
      PushBatch batch = stand.read(after, 7, NO_WAIT, ALL);
      assertThat(batch.items()).hasSizeLessThanOrEqualTo(7);
      batch
          .items()
          .forEach(
              push ->
                  read.computeIfAbsent(push.repository().id(), none -> new ArrayList<>())
                      .add(push.id()));
      after = Optional.of(batch.next());
    }

    assertThat(read).isEqualTo(pushed);
    assertThat(stand.read(after, ALL).items()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, MUCH})
  void othersPushesArePassedOver(long remembered) {
    remembering(remembered);
    stand.push(0, other, "a");
    String mine = stand.push(0, app, "b");
    stand.push(0, other, "c");

    PushBatch batch = stand.read(EARLIEST, only(app));

    assertThat(ids(batch)).containsExactly(mine);
    assertThat(stand.read(Optional.of(batch.next()), only(app)).items()).isEmpty();
  }

  /** So that a quiet repository's cursor is not out of retention one day. */
  @Test
  void theCursorGoesOnWithOthersPushes() {
    String next = stand.read(NOW, only(app)).next();
    stand.push(0, other, "a");
    AtomicReference<String> cursor = new AtomicReference<>(next);
    await()
        .until(
            () -> {
              cursor.set(
                  stand.read(Optional.of(Objects.requireNonNull(cursor.get())), only(app)).next());
              return !Objects.requireNonNull(cursor.get()).equals(next);
            });
    stand.deleteAllBefore(0, 1);

    assertThat(stand.read(Optional.of(Objects.requireNonNull(cursor.get())), only(app)).items())
        .isEmpty();
    assertProblem(410, () -> stand.read(Optional.of(next), only(app)));
  }

  @Test
  void anItemIsTheEventAndItsHeaders() {
    String id = stand.push(1, app, "main");

    Pushed item = stand.read(EARLIEST, ALL).items().getFirst();

    assertThat(item.id()).isEqualTo(id);
    assertThat(item.type()).isEqualTo("sh.cinch.push");
    assertThat(item.time()).isEqualTo(Instant.parse("2026-11-23T14:00:00.5Z"));
    assertThat(EventJson.read(item.data().getBytes(UTF_8), PushEvent.class))
        .isEqualTo(new Reading.Good<>(event(app, "main")));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, MUCH})
  void whatIsNotValidIsPassedOver(long remembered) {
    remembering(remembered);
    byte[] event = EventJson.write(event(app, "main"));
    stand.write(0, "{".getBytes(UTF_8), Map.of("ce_id", "1"));
    stand.write(0, event, Map.of("ce_id", "2", "ce_type", "sh.cinch.other"));
    stand.write(0, event, Map.of("ce_id", "3", "ce_time", "yesterday"));
    stand.write(0, event, Map.of("ce_id", "4\u001b"));
    stand.write(
        0, new String(event, UTF_8).getBytes(StandardCharsets.UTF_16), Map.of("ce_id", "5"));

    assertThat(stand.read(EARLIEST, ALL).items())
        .extracting(Pushed::id, Pushed::data)
        .containsExactly(tuple("5", new String(event, UTF_8)));
  }

  @Test
  void aPushWakesWhoMaySeeItAndNobodyElse() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    Future<PushBatch> waiting =
        meanwhile(
            () -> {
              try (PushWait wait =
                  stand.pushes.open(
                      () -> {
                        looks.incrementAndGet();
                        return only(app);
                      })) {
                return stand.pushes.read(NOW, 50, LONG, wait);
              }
            });
    String end = stand.read(NOW, ALL).next();
    await().until(() -> looks.get() > 0);
    // The reader has these after the call has begun, or the call begins after them.
    stand.push(0, other, "a");
    await().until(() -> !stand.read(Optional.of(end), ALL).items().isEmpty());
    await()
        .until(
            () -> {
              stand.push(0, app, "b");
              return waiting.isDone();
            });

    assertThat(waiting.get().items())
        .isNotEmpty()
        .allSatisfy(push -> assertThat(push.repository().id()).isEqualTo(app));
  }

  @Test
  void whoIsEndedIsAnsweredAtOnce() throws Exception {
    AtomicReference<PushWait> opened = new AtomicReference<>();
    Future<PushBatch> waiting =
        meanwhile(
            () -> {
              try (PushWait wait = stand.pushes.open(() -> ALL)) {
                opened.set(wait);
                return stand.pushes.read(NOW, 50, LONG, wait);
              }
            });
    await().until(() -> opened.get() != null);

    Objects.requireNonNull(opened.get()).end();

    assertThat(waiting.get().items()).isEmpty();
  }

  @Test
  void whatIsNoCursorIsRefused() {
    for (String bad :
        List.of(
            "x",
            "-1",
            "earlier",
            encoded(""),
            encoded("tokens 1 2"),
            encoded("pushes"),
            encoded("pushes x -1"),
            encoded("pushes x zzzzzzzzzzzzzz"))) {
      assertProblem(400, () -> stand.read(Optional.of(bad), ALL));
    }
    PushCursor now = PushCursor.of(stand.read(NOW, ALL).next());
    List<Long> more = new ArrayList<>(now.offsets());
    more.add(0L);
    assertProblem(
        400, () -> stand.read(Optional.of(new PushCursor(now.topicId(), more).text()), ALL));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  @Test
  void aCursorIsGoneWhereSomethingAfterItIs() {
    stand.push(0, app, "a");
    String one = stand.read(EARLIEST, 1, NO_WAIT, ALL).next();
    String two = stand.push(0, app, "b");
    stand.push(0, app, "c");
    String end = stand.read(NOW, ALL).next();

    stand.deleteAllBefore(0, 1);
    assertThat(ids(stand.read(Optional.of(one), 1, NO_WAIT, ALL))).containsExactly(two);
    stand.deleteAllBefore(0, 3);
    assertProblem(410, () -> stand.read(Optional.of(one), ALL));
    assertThat(stand.read(Optional.of(end), ALL).items()).isEmpty();
    assertThat(stand.read(EARLIEST, ALL).items()).isEmpty();
  }

  /**
   * A broker that takes over may not know its end yet; seeking there would lead to the beginning.
   */
  @ParameterizedTest
  @ValueSource(longs = {0, MUCH})
  void whoIsBeyondTheEndWaitsThere(long remembered) {
    remembering(remembered);
    PushCursor beginning = PushCursor.of(stand.read(NOW, ALL).next());
    stand.push(0, app, "a");
    String beyond = new PushCursor(beginning.topicId(), List.of(2L, 0L, 0L)).text();

    assertThat(stand.read(Optional.of(beyond), ALL)).isEqualTo(new PushBatch(List.of(), beyond));
    stand.push(0, app, "b");
    String third = stand.push(0, app, "c");
    assertThat(ids(stand.read(Optional.of(beyond), 50, LONG, ALL))).containsExactly(third);
  }

  @Test
  void aTopicThatWasMadeAnewHasOtherCursors() {
    stand.push(0, app, "a");
    String next = stand.read(EARLIEST, ALL).next();

    stand.makeAnew();

    await().untilAsserted(() -> assertProblem(410, () -> stand.read(Optional.of(next), ALL)));
  }

  @Test
  void aPartitionThatIsAddedIsReadFromItsBeginning() {
    String next = stand.read(NOW, ALL).next();
    stand.addPartition();
    String added = stand.push(PushStand.PARTITIONS, app, "a");

    await()
        .untilAsserted(
            () -> assertThat(ids(stand.read(Optional.of(next), ALL))).containsExactly(added));
    String later = stand.read(Optional.of(next), ALL).next();
    assertThat(PushCursor.of(later).offsets()).hasSize(PushStand.PARTITIONS + 1);
  }

  @Test
  void anAnswerIsBounded() {
    byte[] large =
        new String(EventJson.write(event(app, "main")), UTF_8)
            .replace("Fix", "x".repeat(9_000))
            .getBytes(UTF_8);
    for (int i = 0; i < 40; i++) {
      stand.write(0, large, Map.of("ce_id", "id-" + i));
    }

    PushBatch first = stand.read(EARLIEST, 200, NO_WAIT, ALL);
    PushBatch second = stand.read(Optional.of(first.next()), 200, NO_WAIT, ALL);

    assertThat(first.items()).hasSizeBetween(10, 30);
    assertThat(second.items()).hasSize(40 - first.items().size());
  }

  @Test
  void nothingIsTakenWhereNothingIsAskedFor() {
    stand.push(0, app, "a");

    PushBatch none = stand.read(EARLIEST, 0, LONG, ALL);

    assertThat(none.items()).isEmpty();
    assertThat(stand.read(Optional.of(none.next()), ALL).items()).hasSize(1);
  }

  @Test
  void withoutKafkaItSaysSo() {
    try (TestParts nowhere = SharedServers.context(SharedServers.nowhere());
        Pushes away = Pushes.start(nowhere.context());
        PushWait wait = away.open(() -> ALL)) {
      assertThatThrownBy(() -> away.read(NOW, 50, LONG, wait))
          .isInstanceOfSatisfying(
              Problem.class,
              problem -> {
                assertThat(problem.status()).isEqualTo(503);
                assertThat(problem.retryAfter()).isPresent();
              });
    }
  }

  private static void assertProblem(int status, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(status));
  }
}
