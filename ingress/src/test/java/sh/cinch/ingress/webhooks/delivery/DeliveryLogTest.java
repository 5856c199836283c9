package sh.cinch.ingress.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

    try (DeliveryLog log =
        DeliveryLog.start(
            parts.database(), parts.context().metrics(), (transaction, repository) -> {})) {
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
        DeliveryLog log =
            DeliveryLog.start(away, parts.context().metrics(), (transaction, repository) -> {})) {
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
    try (DeliveryLog log =
        DeliveryLog.start(
            parts.database(), parts.context().metrics(), (transaction, repository) -> {})) {
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

    try (DeliveryLog log =
        DeliveryLog.start(
            parts.database(), parts.context().metrics(), (transaction, repository) -> {})) {
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

  private static DeliveryLog log() {
    return DeliveryLog.start(
        parts.database(), parts.context().metrics(), (transaction, repository) -> {});
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
        Optional.of("{" + UUID.randomUUID() + "}"));
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
        Optional.empty());
  }
}
