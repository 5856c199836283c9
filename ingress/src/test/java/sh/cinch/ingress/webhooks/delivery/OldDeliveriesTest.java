package sh.cinch.ingress.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.FORMER_BODY;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.service.retention.Retention;
import sh.cinch.testkit.TestServers;

/** What no first page shows goes once it is old. */
class OldDeliveriesTest {

  private static final Instant BEFORE = Instant.parse("2026-11-24T12:00:00Z");

  private static TestParts parts;

  private final Retention.Batch old = Deliveries.old();

  @BeforeAll
  static void start() {
    parts = TestParts.open(SharedServers.kafka(), TestServers.shared().freshDatabase());
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @BeforeEach
  void empty() {
    parts.database().sql().truncate(DELIVERY).execute();
    parts.database().sql().truncate(FORMER_BODY).execute();
  }

  @Test
  void whatIsOldGoesInBatchesButForTheFirstPage() {
    UUID repository = parts.repository();
    List<LoggedDelivery> all = deliveries(repository, BEFORE, 120);

    assertThat(delete(50)).isEqualTo(50);
    assertThat(delete(50)).isEqualTo(20);
    assertThat(delete(50)).isZero();

    assertThat(firstPage(repository)).isEqualTo(all.subList(0, PageRequest.USUAL_LIMIT));
  }

  @Test
  void whatIsYoungStaysAndIsOnTheFirstPage() {
    UUID repository = parts.repository();
    List<LoggedDelivery> all = deliveries(repository, BEFORE.plusSeconds(60), 120);

    assertThat(delete(100)).isEqualTo(60);

    assertThat(parts.database().sql().fetchCount(DELIVERY)).isEqualTo(60);
    assertThat(firstPage(repository)).isEqualTo(all.subList(0, PageRequest.USUAL_LIMIT));
  }

  @Test
  void thatABodyCameStaysKnownForAsLongAsItsHook() {
    UUID repository = parts.repository();
    LoggedDelivery published = deliveries(repository, BEFORE, 60).getLast();
    parts
        .database()
        .sql()
        .update(DELIVERY)
        .set(DELIVERY.EVENTS, 0)
        .where(DELIVERY.ID.ne(published.id()))
        .execute();

    assertThat(delete(100)).isEqualTo(10);

    SameBody question =
        new SameBody(published.hookId(), HexFormat.of().parseHex(published.bodySha256()), BEFORE);
    new Deliveries(parts.database()).answer(List.of(question));
    assertThat(question.came())
        .contains(new SameBody.Came(published.receivedAt(), Optional.empty()));
    assertThat(parts.database().sql().fetchCount(FORMER_BODY)).as("of what was published").isOne();
    assertThat(Deliveries.formerBodies().delete(parts.database(), BEFORE, 100)).isZero();
  }

  @Test
  void aQuietRepositoryKeepsWhatItHas() {
    deliveries(parts.repository(), BEFORE.minus(Duration.ofDays(1_000)), PageRequest.USUAL_LIMIT);

    assertThat(delete(100)).isZero();
  }

  @Test
  void ofADisconnectedRepositoryOnlyAgeCounts() {
    UUID repository = parts.repository();
    deliveries(repository, BEFORE.plusSeconds(1), 10);
    state(repository, "disconnected");

    assertThat(delete(100)).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"connecting", "disconnecting"})
  void whatIsNotDisconnectedYetIsShown(String state) {
    UUID repository = parts.repository();
    deliveries(repository, BEFORE, 10);
    state(repository, state);

    assertThat(delete(100)).isZero();
  }

  @Test
  void aBatchIsOfAllRepositoriesTogether() {
    for (int i = 0; i < 3; i++) {
      deliveries(parts.repository(), BEFORE, 60);
    }

    assertThat(delete(25)).isEqualTo(25);
    assertThat(delete(25)).isEqualTo(5);
  }

  @Test
  void whatSomebodyHoldsIsNotWaitedFor() {
    deliveries(parts.repository(), BEFORE, 60);

    parts
        .database()
        .write(
            other -> {
              other.selectFrom(DELIVERY).orderBy(DELIVERY.RECEIVED_AT).limit(4).forUpdate().fetch();
              assertThat(delete(100)).isEqualTo(6);
            });

    assertThat(delete(100)).isEqualTo(4);
  }

  @Test
  void instancesAtOnceDeleteEverythingOnce() throws Exception {
    for (int i = 0; i < 10; i++) {
      deliveries(parts.repository(), BEFORE, 150);
    }

    List<Future<Integer>> instances = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        instances.add(threads.submit(this::deleteAll));
      }
    }
    int deleted = deleteAll();
    for (Future<Integer> instance : instances) {
      deleted += instance.get();
    }

    assertThat(deleted).isEqualTo(1_000);
    assertThat(parts.database().sql().fetchCount(DELIVERY)).isEqualTo(500);
  }

  private int deleteAll() {
    int deleted = 0;
    int batch;
    do {
      batch = delete(100);
      deleted += batch;
    } while (batch == 100);
    return deleted;
  }

  private int delete(int most) {
    return old.delete(parts.database(), BEFORE, most);
  }

  private static List<LoggedDelivery> firstPage(UUID repository) {
    return new Deliveries(parts.database())
        .page(repository, PageRequest.first(PageRequest.USUAL_LIMIT))
        .items();
  }

  private static void state(UUID repository, String state) {
    parts
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.STATE, state)
        .where(REPOSITORY.ID.eq(repository))
        .execute();
  }

  /** The newest first, a second apart, all before this. */
  private static List<LoggedDelivery> deliveries(UUID repository, Instant before, int count) {
    List<LoggedDelivery> deliveries =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    DeliveryLogTest.delivery(
                        UUID.randomUUID(), repository, before.minusSeconds(i).minusMillis(1)))
            .toList();
    new Deliveries(parts.database()).write(deliveries, (transaction, first) -> {});
    return deliveries;
  }
}
