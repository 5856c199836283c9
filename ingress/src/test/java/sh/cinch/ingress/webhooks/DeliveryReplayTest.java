package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.DELIVERY_BODY;
import static sh.cinch.testkit.PushBody.hash;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.Origin;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.Replay;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.http.Problem;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.testkit.PushBody.Change;

/** What a delivery brought is published once more. */
@OnSharedServers
class DeliveryReplayTest {

  private static final Change A_TO_B = Change.branch("main", hash('a'), hash('b'));
  private static final Change TAG = Change.tag("v1", null, hash('b'));
  private static final Change B_TO_C = Change.branch("main", hash('b'), hash('c'));

  private static TestParts parts;
  private static WebhookSide side;

  private Connected connected;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts);
  }

  @BeforeEach
  void connect() {
    connected = side.connect();
  }

  @AfterAll
  static void stop() {
    side.close();
    parts.close();
  }

  @Test
  void theSameEventsComeOnceMoreUnderTheirIdsInTheirOrder() {
    LoggedDelivery delivery = delivered(A_TO_B, TAG);
    List<Incoming> before = side.records(connected);

    LoggedDelivery replay = replay(delivery, false);

    List<Incoming> all = side.records(connected);
    List<Incoming> again = all.subList(2, all.size());
    assertThat(again)
        .extracting(Incoming::eventId)
        .containsExactlyElementsOf(before.stream().map(Incoming::eventId).toList());
    assertThat(again.stream().map(WebhookSide::event))
        .containsExactlyElementsOf(before.stream().map(WebhookSide::event).toList());
    assertThat(before).noneMatch(Incoming::isReplay);
    assertThat(again)
        .extracting(record -> record.header("cinch-replay"))
        .containsOnly(Optional.of(replay.id().toString()));
    assertThat(replay.outcome()).isEqualTo("replayed");
    assertThat(replay.events()).isEqualTo(2);
    assertThat(replay.origin()).isEqualTo(Origin.replayOf(delivery.id(), "operator"));
    assertThat(side.deliveries().find(replay.id())).contains(replay);
  }

  @Test
  void howeverLongAgoItCameItIsNotTooLate() {
    LoggedDelivery delivery = delivered(A_TO_B);
    parts.clock().advance(Duration.ofHours(3));
    try {
      assertThat(replay(delivery, false).answer()).isEqualTo(202);
      assertThat(replay(delivery, true).answer()).isEqualTo(202);
    } finally {
      parts.clock().reset();
    }

    assertThat(side.events(connected))
        .extracting(PushEvent::receivedAt)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo(delivery.receivedAt()),
            same -> assertThat(same).isEqualTo(delivery.receivedAt()),
            fresh -> assertThat(fresh).isAfter(delivery.receivedAt().plusSeconds(10_000)));
  }

  @Test
  void againTheyAreNewOnesThatNameTheOld() {
    LoggedDelivery delivery = delivered(A_TO_B, TAG);
    List<String> ids = side.eventIds(connected);

    LoggedDelivery replay = replay(delivery, true);

    List<Incoming> all = side.records(connected);
    List<Incoming> again = all.subList(2, all.size());
    assertThat(again).extracting(Incoming::eventId).doesNotContainAnyElementsOf(ids).hasSize(2);
    assertThat(again.stream().map(WebhookSide::event).map(PushEvent::replayOf))
        .containsExactlyElementsOf(ids);
    assertThat(again.stream().map(WebhookSide::event).map(PushEvent::deliveryId))
        .containsOnly(replay.id());
    assertThat(again).noneMatch(Incoming::isReplay);
    LoggedDelivery once = replay(delivery, true);
    assertThat(once.id()).isNotEqualTo(replay.id());
    assertThat(side.eventIds(connected)).doesNotHaveDuplicates().hasSize(6);
  }

  @Test
  void theIdUnderWhichItWasPublishedIsKeptHoweverItCameByIt() {
    LoggedDelivery delivery = delivered(A_TO_B);

    side.own()
        .replay()
        .replay(
            delivery,
            repository(),
            List.of(new Replay.Published("found-otherwise", "refs/heads/main", hash('b'))),
            false,
            "operator");

    assertThat(side.eventIds(connected)).hasSize(2).endsWith("found-otherwise");
  }

  @Test
  void whatWasNotPublishedThroughAFaultOfOursIs() {
    LoggedDelivery delivery = delivered(A_TO_B);
    String id = side.eventIds(connected).getFirst();
    LoggedDelivery unread = delivery.answered(400, "other-shape", 0, Optional.of("a fault"));

    LoggedDelivery replay = replay(unread, false);

    assertThat(replay.events()).isEqualTo(1);
    assertThat(side.eventIds(connected)).containsExactly(id, id);
  }

  @Test
  void aReplayIsInItsRepositorysTurn() {
    LoggedDelivery delivery = delivered(A_TO_B);
    replay(delivery, false);
    delivered(B_TO_C);

    assertThat(side.events(connected))
        .extracting(PushEvent::commit)
        .containsExactly(hash('b'), hash('b'), hash('c'));
  }

  @Test
  void aReplayIsNoSignOfLifeOfTheHookAndNobodysAttempt() {
    LoggedDelivery delivery = delivered(A_TO_B);
    parts.database().sql().deleteFrom(DELIVERY).where(DELIVERY.ID.eq(delivery.id())).execute();
    Optional<Instant> before = side.hooks().find(connected.hook()).orElseThrow().lastDeliveryAt();

    replay(delivery, true);

    assertThat(side.hooks().find(connected.hook()).orElseThrow().lastDeliveryAt())
        .isEqualTo(before);
    connected.delivery(connected.push(A_TO_B)).with("X-Attempt-Number", "2").send();
    assertThat(side.eventIds(connected)).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void withoutItsBodyNothingIsSentAndItSaysWhy() {
    LoggedDelivery delivery = delivered(A_TO_B);
    parts
        .database()
        .sql()
        .deleteFrom(DELIVERY_BODY)
        .where(DELIVERY_BODY.DELIVERY_ID.eq(delivery.id()))
        .execute();

    assertRefused(409, "CINCH_DELIVERY_BODY_DAYS", () -> replay(delivery, false));
    assertThat(side.eventIds(connected)).hasSize(1);
  }

  @Test
  void whatWasRefusedOrIsAReplayItselfIsNotReplayed() {
    LoggedDelivery delivery = delivered(A_TO_B);
    LoggedDelivery refused =
        delivery.answered(401, "wrong-signature", 0, Optional.of("another secret"));
    LoggedDelivery replay = replay(delivery, false);

    assertRefused(409, "nobody knows who sent it", () -> replay(refused, false));
    assertRefused(409, "replay " + delivery.id(), () -> replay(replay, false));
    assertThat(side.eventIds(connected)).hasSize(2);
  }

  @Test
  void whatIsNoPushHasNothingToPublish() {
    connected.delivery(connected.push(A_TO_B)).with("X-Event-Key", "repo:fork").send();
    LoggedDelivery fork = logged();

    assertRefused(422, "repo:fork", () -> replay(fork, false));
    connected.delivery(connected.push()).send();
    await().until(() -> newest().size() == 2);
    LoggedDelivery empty = logged();
    assertRefused(422, "no branch and no tag", () -> replay(empty, false));
  }

  private static void assertRefused(int status, String saying, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(status))
        .hasMessageContaining(saying);
  }

  private LoggedDelivery replay(LoggedDelivery delivery, boolean again) {
    return side.own().replay().replay(delivery, repository(), List.of(), again, "operator");
  }

  private HookedRepository repository() {
    return new HookedRepository(
        connected.repository(), "bitbucket-cloud", connected.uuid(), connected.fullName());
  }

  /** Its line and its body are there. */
  private LoggedDelivery delivered(Change... changes) {
    int before = newest().size();
    assertThat(connected.delivery(connected.push(changes)).status()).isEqualTo(202);
    await().until(() -> newest().size() == before + 1);
    return logged();
  }

  private LoggedDelivery logged() {
    LoggedDelivery newest = await().until(this::newest, some -> !some.isEmpty()).getFirst();
    UUID id = newest.id();
    DeliveryBodies bodies = new DeliveryBodies(parts.database(), parts.vault());
    await().until(() -> bodies.size(id).isPresent());
    return newest;
  }

  private List<LoggedDelivery> newest() {
    return side.deliveries().page(connected.repository(), PageRequest.first(50)).items();
  }
}
