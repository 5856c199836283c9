package sh.cinch.ingress.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.secret.Secret;

@OnSharedServers
class DeliveryLogTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private static TestParts parts;

  private final UUID repository = UUID.randomUUID();

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @Test
  void whatWasAddedIsThereAfterClosing() {
    LoggedDelivery delivery = delivery(UUID.randomUUID(), repository, NOON);

    try (DeliveryLog log = log()) {
      log.add(delivery);
    }

    assertThat(new Deliveries(parts.database()).find(delivery.id())).contains(delivery);
  }

  @Test
  void anAttemptFindsTheOneBeforeWhileThatIsUnderWay() {
    LoggedDelivery first = delivery(UUID.randomUUID(), repository, NOON);
    try (DeliveryLog log = log()) {
      log.begins(first);
      assertThat(
              log.firstRequestIdOfEarlier(
                  first.hookId(), first.attempt() + 1, first.bodySha256(), NOON))
          .contains(first.firstRequestId());
      log.ended(first);
      assertThat(
              log.firstRequestIdOfEarlier(
                  first.hookId(), first.attempt() + 1, first.bodySha256(), NOON))
          .isEmpty();
    }
  }

  @Test
  void whereTheDatabaseIsAwayForLongAnAttemptFindsTheOneBeforeAllTheSame() {
    try (Database away =
            Database.open(
                new DatabaseSettings(
                    "jdbc:postgresql://localhost:1/none", "nobody", Secret.of("none")));
        DeliveryLog log = log(on(away))) {
      for (int i = 0; i < 10_000; i++) {
        log.add(delivery(UUID.randomUUID(), repository, NOON));
      }
      LoggedDelivery first = delivery(UUID.randomUUID(), repository, NOON);
      log.add(first);

      assertThat(
              log.firstRequestIdOfEarlier(
                  first.hookId(), first.attempt() + 1, first.bodySha256(), NOON))
          .contains(first.firstRequestId());
    }
  }

  @Test
  void pagesAreNewestFirstAndMissNothing() {
    try (DeliveryLog log = log()) {
      List<LoggedDelivery> added =
          IntStream.range(0, 5)
              // Two of them at one instant: the page ends between them.
              .mapToObj(i -> delivery(UUID.randomUUID(), repository, NOON.plusSeconds(i / 2)))
              .toList();
      added.forEach(log::add);
      Deliveries deliveries = new Deliveries(parts.database());
      await().until(() -> deliveries.page(repository, PageRequest.first(10)).items().size() == 5);

      Page<LoggedDelivery> first = deliveries.page(repository, PageRequest.first(2));
      Page<LoggedDelivery> second = deliveries.page(repository, new PageRequest(2, first.next()));
      Page<LoggedDelivery> third = deliveries.page(repository, new PageRequest(2, second.next()));

      List<LoggedDelivery> all =
          IntStream.range(0, 3)
              .mapToObj(i -> List.of(first, second, third).get(i).items())
              .flatMap(List::stream)
              .toList();
      assertThat(all).containsExactlyInAnyOrderElementsOf(added);
      assertThat(all.stream().map(LoggedDelivery::receivedAt).toList().reversed()).isSorted();
      assertThat(third.next()).isEmpty();
    }
  }

  @Test
  void theHookSaysWhenItWasLastUsed() {
    Hooks hooks = new Hooks(parts.database(), parts.vault(), parts.clock());
    UUID hook = hooks.create(parts.repository(), true, false).orElseThrow().id();

    try (DeliveryLog log = log()) {
      log.add(delivery(hook, repository, NOON));
      log.add(delivery(hook, repository, NOON.minus(1, ChronoUnit.HOURS)));
    }

    assertThat(hooks.find(hook).orElseThrow().lastDeliveryAt()).contains(NOON);
  }

  @Test
  void howeverManyInstancesRefuseAHundredOfAHookAndDayAreKept() {
    Hooks hooks = new Hooks(parts.database(), parts.vault(), parts.clock());
    UUID hook = hooks.create(parts.repository(), true, false).orElseThrow().id();

    try (DeliveryLog one = log();
        DeliveryLog other = log()) {
      for (int i = 0; i < 80; i++) {
        one.addRefused(refused(hook, NOON.plusSeconds(i)));
        other.addRefused(refused(hook, NOON.plusSeconds(i)));
      }
      one.addRefused(refused(hook, NOON.plus(1, ChronoUnit.DAYS)));
    }

    Deliveries deliveries = new Deliveries(parts.database());
    assertThat(deliveries.refusedLately(hook, NOON, 5))
        .singleElement()
        .satisfies(
            refused -> {
              assertThat(refused.count()).isEqualTo(101);
              assertThat(refused.outcome()).isEqualTo("wrong-uuid");
              assertThat(refused.last()).isEqualTo(NOON.plus(1, ChronoUnit.DAYS));
            });
    assertThat(hooks.find(hook).orElseThrow().lastDeliveryAt()).isEmpty();
  }

  @Test
  void anInstanceTakesAHundredRefusedOnesOfAHookAndDay() {
    UUID hook = UUID.randomUUID();
    try (DeliveryLog log = log()) {
      for (int i = 0; i < 100; i++) {
        assertThat(log.addRefused(refused(hook, NOON))).isTrue();
      }

      assertThat(log.addRefused(refused(hook, NOON))).isFalse();

      assertThat(log.addRefused(refused(hook, NOON.plus(1, ChronoUnit.DAYS)))).isTrue();
      assertThat(log.addRefused(refused(UUID.randomUUID(), NOON))).isTrue();
    }
  }

  @Test
  void aRowThatCanNeverBeWrittenHoldsUpNoOther() {
    LoggedDelivery before = delivery(UUID.randomUUID(), repository, NOON);
    LoggedDelivery impossible =
        delivery(UUID.randomUUID(), repository, NOON)
            .answered(202, "published", 1, Optional.of("no column takes a \0"));
    LoggedDelivery after = delivery(UUID.randomUUID(), repository, NOON);
    Counter dropped = parts.context().metrics().counter("cinch.delivery.log.dropped");
    double droppedBefore = dropped.count();

    try (DeliveryLog log = log()) {
      log.add(before);
      log.add(impossible);
      log.add(after);
      await().until(() -> new Deliveries(parts.database()).find(after.id()).isPresent());
    }

    Deliveries deliveries = new Deliveries(parts.database());
    assertThat(deliveries.find(before.id())).contains(before);
    assertThat(deliveries.find(impossible.id())).isEmpty();
    assertThat(dropped.count() - droppedBefore).isEqualTo(1);
  }

  @Test
  void theListIsFilteredByRefOutcomeAndTime() {
    LoggedDelivery main =
        delivery(UUID.randomUUID(), repository, NOON)
            .changing(List.of("refs/heads/main", "refs/tags/v1"));
    LoggedDelivery topic =
        delivery(UUID.randomUUID(), repository, NOON.plusSeconds(60))
            .changing(List.of("refs/heads/topic"))
            .answered(202, "spooled", 1, Optional.empty());
    LoggedDelivery others =
        delivery(UUID.randomUUID(), UUID.randomUUID(), NOON).changing(List.of("refs/heads/main"));
    try (DeliveryLog log = log()) {
      List.of(main, topic, others).forEach(log::add);
    }

    assertThat(found(Optional.of("refs/tags/v1"), Optional.empty())).containsExactly(main);
    assertThat(found(Optional.of("refs/heads/main"), Optional.empty())).containsExactly(main);
    assertThat(found(Optional.empty(), Optional.of("spooled"))).containsExactly(topic);
    assertThat(found(Optional.of("refs/heads/main"), Optional.of("spooled"))).isEmpty();
    assertThat(found(between(NOON, NOON.plusSeconds(60)))).containsExactly(main);
    assertThat(found(between(NOON.plusSeconds(1), NOON.plusSeconds(61)))).containsExactly(topic);
  }

  private List<LoggedDelivery> found(Optional<String> ref, Optional<String> outcome) {
    return found(new DeliveryFilter(ref, outcome, Optional.empty(), Optional.empty()));
  }

  private List<LoggedDelivery> found(DeliveryFilter filter) {
    return new Deliveries(parts.database()).page(repository, filter, PageRequest.first(10)).items();
  }

  private static DeliveryFilter between(Instant after, Instant before) {
    return new DeliveryFilter(
        Optional.empty(), Optional.empty(), Optional.of(after), Optional.of(before));
  }

  @Test
  void theRefFilterHasItsIndex() {
    String plan =
        parts
            .database()
            .transaction(
                transaction -> {
                  transaction.execute("set local enable_seqscan to off");
                  transaction.execute("set local enable_indexscan to off");
                  return transaction
                      .fetch(
                          "explain select id from ingress.delivery where refs @>"
                              + " array['refs/heads/x']")
                      .format();
                });

    assertThat(plan).contains("delivery_refs");
  }

  private static DeliveryLog log() {
    return log(parts.context());
  }

  private static DeliveryLog log(ServiceContext context) {
    return DeliveryLog.start(
        context, parts.vault(), BodySettings.NONE, (transaction, repository) -> {});
  }

  private static ServiceContext on(Database database) {
    ServiceContext context = parts.context();
    return new ServiceContext(
        context.vertx(), database, context.kafka(), context.metrics(), context.clock());
  }

  private LoggedDelivery refused(UUID hook, Instant receivedAt) {
    return new LoggedDelivery(
        UUID.randomUUID(),
        hook,
        repository,
        "repo:push",
        Optional.of("request"),
        1,
        "request",
        "",
        401,
        "wrong-uuid",
        0,
        Optional.of("made again"),
        receivedAt,
        Optional.of("{" + UUID.randomUUID() + "}"),
        KeptHeaders.NONE,
        List.of(),
        Origin.FORGE);
  }

  static LoggedDelivery delivery(UUID hook, UUID repository, Instant receivedAt) {
    return new LoggedDelivery(
        UUID.randomUUID(),
        hook,
        repository,
        "repo:push",
        Optional.of("request"),
        1,
        "request",
        "ab".repeat(32),
        202,
        "published",
        1,
        Optional.empty(),
        receivedAt,
        Optional.empty(),
        KeptHeaders.NONE,
        List.of(),
        Origin.FORGE);
  }
}
