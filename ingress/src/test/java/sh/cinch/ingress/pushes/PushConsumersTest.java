package sh.cinch.ingress.pushes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.PUSH_CONSUMER;
import static sh.cinch.ingress.pushes.PushStand.LONG;
import static sh.cinch.ingress.pushes.PushStand.MUCH;
import static sh.cinch.ingress.pushes.PushStand.ids;
import static sh.cinch.ingress.pushes.PushStand.meanwhile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
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
import sh.cinch.service.http.Problem;

@OnSharedServers
class PushConsumersTest {

  private static final Optional<String> NOTHING = Optional.empty();
  private static final Optional<String> EARLIEST = Optional.of("earliest");

  private static TestParts parts;

  private final UUID app = UUID.randomUUID();
  private final byte[] token = UUID.randomUUID().toString().getBytes(UTF_8);
  private final ConsumerName builds = new ConsumerName(token, "builds");
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

  @Test
  void passingNextAcknowledges() {
    String one = stand.push(0, app, "a");
    String two = stand.push(0, app, "b");

    PushBatch first = stand.next(builds, EARLIEST, 1);
    PushBatch second = stand.next(builds, Optional.of(first.next()), 1);
    PushBatch third = stand.next(builds, Optional.of(second.next()), 1);

    assertThat(ids(first)).containsExactly(one);
    assertThat(ids(second)).containsExactly(two);
    assertThat(third.items()).isEmpty();
    // It goes on there, whoever asks next.
    String three = stand.push(0, app, "c");
    assertThat(ids(stand.next(builds, NOTHING, 1))).containsExactly(three);
  }

  @Test
  void aNewOneBeginsNow() {
    stand.push(0, app, "before");

    assertThat(stand.next(builds, NOTHING, 50).items()).isEmpty();
    String after = stand.push(0, app, "after");
    assertThat(ids(stand.next(builds, EARLIEST, 50))).containsExactly(after);
  }

  /** From memory, or from Kafka where that remembers nothing; whatever came meanwhile. */
  @ParameterizedTest
  @ValueSource(longs = {0, MUCH})
  void aBatchIsOneCallersForTwoMinutesAndThenComesAgain(long remembered) {
    stand.close();
    stand = new PushStand(parts, remembered);
    String one = stand.push(0, app, "a");
    String two = stand.push(1, app, "b");
    PushBatch given = stand.next(builds, EARLIEST, 50);
    assertThat(ids(given)).containsExactlyInAnyOrder(one, two);
    String three = stand.push(0, app, "c");

    parts.clock().advance(Duration.ofSeconds(60));
    assertThat(stand.next(builds, NOTHING, 50).items()).isEmpty();
    parts.clock().advance(Duration.ofSeconds(61));
    PushBatch again = stand.next(builds, NOTHING, 1);

    assertThat(again.items()).containsExactlyInAnyOrderElementsOf(given.items());
    assertThat(again.next()).isEqualTo(given.next());
    assertThat(stand.next(builds, NOTHING, 50).items()).isEmpty();
    // Whoever had it first may still acknowledge it; and who has it now, to no effect.
    assertThat(ids(stand.next(builds, Optional.of(given.next()), 50))).containsExactly(three);
    assertThat(stand.next(builds, Optional.of(again.next()), 50).items()).isEmpty();
  }

  @Test
  void anOldNextAcknowledgesNothing() {
    stand.push(0, app, "a");
    String two = stand.push(0, app, "b");
    PushBatch first = stand.next(builds, EARLIEST, 1);
    PushBatch second = stand.next(builds, Optional.of(first.next()), 1);

    assertThat(stand.next(builds, Optional.of(first.next()), 1).items()).isEmpty();
    parts.clock().advance(Duration.ofMinutes(3));
    assertThat(ids(stand.next(builds, Optional.of(first.next()), 1))).containsExactly(two);
    assertThat(stand.next(builds, Optional.of(second.next()), 1).items()).isEmpty();
  }

  @Test
  void acknowledgingNeedTakeNothing() {
    stand.push(0, app, "a");
    String two = stand.push(0, app, "b");
    PushBatch first = stand.next(builds, EARLIEST, 1);

    assertThat(stand.next(builds, Optional.of(first.next()), 0).items()).isEmpty();

    assertThat(ids(stand.next(builds, NOTHING, 1))).containsExactly(two);
  }

  /** Through two instances: what one has given the other does not give. */
  @Test
  void ofSeveralCallersOneHasABatchAndTheOthersWaitForTheNext() throws Exception {
    Pushes other = stand.another(MUCH);
    String next = stand.next(builds, NOTHING, 1).next();
    List<Future<PushBatch>> callers = new ArrayList<>();
    for (Pushes instance : List.of(stand.pushes, other, stand.pushes)) {
      callers.add(meanwhile(() -> stand.next(instance, builds, Optional.of(next), 1, LONG)));
    }

    List<String> pushed = new ArrayList<>();
    List<String> given = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pushed.add(stand.push(0, app, "b" + i));
    }
    while (!callers.isEmpty()) {
      await().until(() -> callers.stream().anyMatch(Future::isDone));
      List<Boolean> answered = callers.stream().map(Future::isDone).toList();
      assertThat(answered).containsOnlyOnce(true);
      PushBatch batch = callers.remove(answered.indexOf(true)).get();
      given.addAll(ids(batch));
      stand.next(builds, Optional.of(batch.next()), 0);
    }

    assertThat(given).containsExactlyElementsOf(pushed);
  }

  @Test
  void nothingIsTakenForWhoeverHasGone() {
    String one = stand.push(0, app, "a");
    try (PushWait gone = stand.pushes.open(() -> repository -> true)) {
      gone.end();
      assertThat(stand.pushes.next(builds, EARLIEST, 50, LONG, gone).items()).isEmpty();
    }

    assertThat(ids(stand.next(builds, NOTHING, 50))).containsExactly(one);
  }

  @Test
  void eachNameAndTokenIsByItself() {
    String one = stand.push(0, app, "a");

    for (ConsumerName who :
        List.of(
            builds,
            new ConsumerName(token, "deploys"),
            new ConsumerName(UUID.randomUUID().toString().getBytes(UTF_8), "builds"))) {
      assertThat(ids(stand.next(who, EARLIEST, 50))).containsExactly(one);
    }
  }

  @Test
  void oneThatIsTooFarBehindSaysSoAndMayBeginAtTheEarliest() {
    String next = stand.next(builds, NOTHING, 50).next();
    stand.push(0, app, "a");
    String two = stand.push(0, app, "b");
    stand.deleteAllBefore(0, 1);

    assertThatThrownBy(() -> stand.next(builds, NOTHING, 50)).satisfies(is(410));
    assertThatThrownBy(() -> stand.next(builds, Optional.of(next), 50)).satisfies(is(410));
    assertThat(ids(stand.next(builds, EARLIEST, 50))).containsExactly(two);
  }

  @Test
  void aTokenHasOnlySoMany() {
    PushConsumers rows = new PushConsumers(parts.database(), parts.clock());
    for (int i = 0; i < PushConsumers.MOST; i++) {
      rows.begin(new ConsumerName(token, "c" + i), new PushCursor("topic", List.of(0L)));
    }

    assertThatThrownBy(() -> stand.next(builds, NOTHING, 0)).satisfies(is(409));
    ConsumerName another = new ConsumerName(new byte[] {1}, "builds");
    assertThat(stand.next(another, NOTHING, 0).items()).isEmpty();
  }

  @Test
  void oneThatNobodyUsesIsForgotten() {
    ConsumerName used = new ConsumerName(token, "used");
    stand.next(builds, NOTHING, 50);
    stand.next(used, NOTHING, 50);
    parts.clock().advance(Duration.ofDays(13));
    stand.next(used, NOTHING, 50);
    parts.clock().advance(Duration.ofDays(2));

    var old = Pushes.oldConsumers();
    old.batch().delete(parts.database(), parts.clock().instant().minus(old.kept()), 1_000);

    assertThat(
            parts
                .database()
                .sql()
                .selectFrom(PUSH_CONSUMER)
                .where(PUSH_CONSUMER.TOKEN_HASH.eq(token))
                .fetch(PUSH_CONSUMER.NAME))
        .containsExactly("used");
  }

  private static java.util.function.Consumer<Throwable> is(int status) {
    return thrown ->
        assertThat(thrown)
            .isInstanceOfSatisfying(
                Problem.class, problem -> assertThat(problem.status()).isEqualTo(status));
  }
}
