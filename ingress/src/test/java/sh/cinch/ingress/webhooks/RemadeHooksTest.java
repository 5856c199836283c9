package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.TWIN_DELIVERY;
import static sh.cinch.testkit.PushBody.hash;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.hook.SeenUuid;
import sh.cinch.ingress.webhooks.hook.UuidRemoval;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.WebhookDelivery;

/** A hook that somebody made again on Bitbucket, with the same URL and secret. */
@OnSharedServers
class RemadeHooksTest {

  private static final Change A_TO_B = Change.branch("main", hash('a'), hash('b'));
  private static final Change B_TO_A = Change.branch("main", hash('b'), hash('a'));

  private static TestParts parts;
  private static TestParts otherParts;
  private static WebhookSide side;
  private static WebhookSide other;

  private final String again = UUID.randomUUID().toString();

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    otherParts = SharedServers.another(parts);
    side = new WebhookSide(parts);
    other = new WebhookSide(otherParts);
  }

  @AfterAll
  static void stop() {
    other.close();
    side.close();
    otherParts.close();
    parts.close();
  }

  @Test
  void itsPushesAreTakenAndTheOldOnesToo() {
    Connected connected = side.connect();

    assertThat(under(again, connected, A_TO_B).status()).isEqualTo(202);
    assertThat(connected.delivery(connected.push(B_TO_A)).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::newHash)
        .containsExactly(hash('b'), hash('a'));
    assertThat(uuids(connected))
        .containsExactlyInAnyOrder(uuid(again), uuid(connected.forgeHook().toString()));
  }

  @Test
  void itIsKnownByEitherUuidAlone() {
    Connected connected = side.connect();
    under(again, connected, A_TO_B).send();

    for (WebhookDelivery delivery :
        List.of(under(again, connected, B_TO_A), connected.delivery(connected.push(B_TO_A)))) {
      assertThat(delivery.to(side.url("/webhooks/bitbucket")).status()).isEqualTo(202);
    }
  }

  @Test
  void anEventThatIsNoPushAddsItToo() {
    Connected connected = side.connect();

    assertThat(under(again, connected, A_TO_B).with("X-Event-Key", "repo:fork").status())
        .isEqualTo(200);

    assertThat(uuids(connected)).contains(uuid(again));
  }

  @Test
  void itIsSaidWhenEachWasSeen() {
    Connected connected = side.connect();
    connected.delivery(connected.push(A_TO_B)).send();
    await().until(() -> logged(connected).size() == 1);
    under(again, connected, B_TO_A).send();

    await()
        .untilAsserted(
            () -> {
              List<LoggedDelivery> log = logged(connected);
              assertThat(seen(connected))
                  .satisfiesExactly(
                      newest -> isSeen(newest, again, log.getFirst(), log.getFirst()),
                      old ->
                          isSeen(
                              old, connected.forgeHook().toString(), log.getLast(), log.getLast()));
            });
    connected.delivery(connected.push(A_TO_B)).send();

    await()
        .untilAsserted(
            () -> {
              List<LoggedDelivery> log = logged(connected);
              assertThat(log).hasSize(3);
              isSeen(
                  seen(connected).getFirst(),
                  connected.forgeHook().toString(),
                  log.getLast(),
                  log.getFirst());
            });
  }

  private static void isSeen(
      SeenUuid seen, String uuid, LoggedDelivery first, LoggedDelivery last) {
    assertThat(seen.uuid()).isEqualTo(uuid(uuid));
    assertThat(seen.firstSeenAt()).contains(first.receivedAt());
    assertThat(seen.lastSeenAt()).contains(last.receivedAt());
  }

  @Test
  void withoutASignatureNothingIsAdded() {
    Connected connected = side.connect(true);
    side.bind(connected);

    assertThat(under(again, connected, A_TO_B).without("X-Hub-Signature").status()).isEqualTo(401);

    assertThat(uuids(connected)).doesNotContain(uuid(again));
    assertThat(side.events(connected)).isEmpty();
  }

  @Test
  void anotherRepositorysPushAddsNothing() {
    Connected connected = side.connect();

    connected.delivery(side.connect().push(A_TO_B)).with("X-Hook-UUID", again).send();

    assertThat(uuids(connected)).doesNotContain(uuid(again));
  }

  @Test
  void aFourthIsRefusedUntilOneIsRemoved() {
    Connected connected = side.connect();
    under(again, connected, A_TO_B).send();
    under(UUID.randomUUID().toString(), connected, A_TO_B).send();
    WebhookDelivery fourth = under(UUID.randomUUID().toString(), connected, B_TO_A);

    assertThat(fourth.status()).isEqualTo(401);

    await()
        .untilAsserted(
            () ->
                assertThat(logged(connected).getFirst())
                    .satisfies(
                        refused -> {
                          assertThat(refused.outcome()).isEqualTo("wrong-uuid");
                          assertThat(refused.reason().orElseThrow())
                              .contains(
                                  "made again",
                                  "DELETE /api/v1/repositories/%s/webhook/uuids/{uuid}"
                                      .formatted(connected.repository()));
                        }));
    side.hooks().removeUuid(connected.hook(), uuid(connected.forgeHook().toString()));
    assertThat(fourth.status()).isEqualTo(202);
  }

  @Test
  void oneThatWasRemovedComesBackWithItsNextPush() {
    Connected connected = side.connect();
    under(again, connected, A_TO_B).send();

    assertThat(side.hooks().removeUuid(connected.hook(), uuid(again)))
        .isEqualTo(UuidRemoval.REMOVED);
    parts.clock().advance(Duration.ofSeconds(1));
    assertThat(under(again, connected, B_TO_A).without("X-Hub-Signature").status()).isEqualTo(401);
    assertThat(under(again, connected, B_TO_A).status()).isEqualTo(202);

    assertThat(uuids(connected)).contains(uuid(again));
  }

  @Test
  void anotherHooksUuidIsRefused() {
    Connected one = side.connect();
    Connected two = side.connect();
    under(again, one, A_TO_B).send();

    assertThat(under(again, two, A_TO_B).status()).isEqualTo(401);
    assertThat(under(one.forgeHook().toString(), two, A_TO_B).status()).isEqualTo(401);

    assertThat(uuids(two)).containsExactly(uuid(two.forgeHook().toString()));
    assertThat(side.events(two)).isEmpty();
  }

  @Test
  void aPushThroughBothIsPublishedOnceAndRecordedAsThat() {
    Connected connected = side.connect();
    under(again, connected, B_TO_A).send();
    byte[] push = connected.push(A_TO_B);

    assertThat(connected.delivery(push).status()).isEqualTo(202);
    assertThat(connected.delivery(push).with("X-Hook-UUID", again).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::newHash)
        .containsExactly(hash('a'), hash('b'));
    await()
        .untilAsserted(
            () ->
                assertThat(logged(connected))
                    .hasSize(3)
                    .first()
                    .satisfies(
                        twin -> {
                          assertThat(twin.outcome()).isEqualTo("same-push");
                          assertThat(twin.events()).isZero();
                          assertThat(twin.hookUuid()).contains(uuid(again).value());
                          assertThat(twin.reason().orElseThrow()).contains("another webhook");
                        }));
  }

  @Test
  void thePushThatBringsTheSecondUuidIsTheFirstsToo() {
    Connected connected = side.connect();
    byte[] push = connected.push(A_TO_B);

    assertThat(connected.delivery(push).status()).isEqualTo(202);
    assertThat(connected.delivery(push).with("X-Hook-UUID", again).status()).isEqualTo(202);

    assertThat(side.eventIds(connected)).hasSize(1);
  }

  @Test
  void whicheverInstanceThatPushComesToAndInWhateverOrder() {
    Connected connected = side.connect();
    // The other one takes it for a hook with a single UUID still.
    assertThat(atOther(connected.delivery(connected.push(B_TO_A))).status()).isEqualTo(202);
    byte[] push = connected.push(A_TO_B);

    CompletableFuture<Integer> adding =
        CompletableFuture.supplyAsync(
            () -> connected.delivery(push).with("X-Hook-UUID", again).status());
    await().until(() -> uuids(connected).contains(uuid(again)));
    int old = atOther(connected.delivery(push)).status();

    assertThat(List.of(adding.join(), old)).containsOnly(202);
    assertThat(side.events(connected))
        .extracting(PushEvent::newHash)
        .containsExactly(hash('a'), hash('b'));
  }

  @Test
  void laterPushesAreOneAcrossInstancesToo() {
    Connected connected = side.connect();
    under(again, connected, B_TO_A).send();
    otherParts.clock().advance(Duration.ofSeconds(1));
    byte[] push = connected.push(A_TO_B);

    connected.delivery(push).send();
    atOther(connected.delivery(push).with("X-Hook-UUID", again)).send();

    assertThat(side.eventIds(connected)).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void aTwinOfWhatWasNotPublishedIsPublished() {
    Connected connected = side.connect();
    under(again, connected, B_TO_A).send();
    byte[] push = connected.push(A_TO_B);
    connected.delivery(push).send();
    // As where the instance ended in between.
    parts
        .database()
        .sql()
        .update(TWIN_DELIVERY)
        .set(TWIN_DELIVERY.PUBLISHED, false)
        .where(TWIN_DELIVERY.HOOK_ID.eq(connected.hook()))
        .execute();

    connected.delivery(push).with("X-Hook-UUID", again).send();

    List<String> ids = side.eventIds(connected);
    assertThat(ids).hasSize(3);
    assertThat(ids.getLast()).isEqualTo(ids.get(1));
  }

  @Test
  void aBranchThatGoesBackAndForthIsAsManyPushesAsUnderOneUuid() {
    Connected connected = side.connect();
    under(again, connected, Change.branch("other", null, hash('c'))).send();
    byte[] there = connected.push(A_TO_B);
    byte[] back = connected.push(B_TO_A);

    for (byte[] push : List.of(there, back, there)) {
      connected.delivery(push).send();
      connected.delivery(push).with("X-Hook-UUID", again).send();
    }

    assertThat(side.events(connected))
        .extracting(PushEvent::newHash)
        .containsExactly(hash('c'), hash('b'), hash('a'), hash('b'));
    assertThat(side.eventIds(connected)).doesNotHaveDuplicates();
  }

  @Test
  void aRetryUnderEitherUuidIsStillTheSamePush() {
    Connected connected = side.connect();
    under(again, connected, B_TO_A).send();
    byte[] push = connected.push(A_TO_B);
    WebhookDelivery first = connected.delivery(push);
    WebhookDelivery second = connected.delivery(push).with("X-Hook-UUID", again);
    first.send();
    second.send();

    for (WebhookDelivery delivery : List.of(first, second)) {
      delivery
          .with("X-Request-UUID", UUID.randomUUID().toString())
          .with("X-Attempt-Number", "2")
          .send();
    }

    List<String> ids = side.eventIds(connected);
    assertThat(ids.subList(1, ids.size())).hasSize(3).containsOnly(ids.get(1));
  }

  @Test
  void twinsAfterMoreThanAMinuteAreTwoPushes() {
    Connected connected = side.connect();
    under(again, connected, B_TO_A).send();
    byte[] push = connected.push(A_TO_B);

    connected.delivery(push).send();
    parts.clock().advance(Duration.ofMinutes(1));
    connected.delivery(push).with("X-Hook-UUID", again).send();

    assertThat(side.eventIds(connected)).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aHookWithOneUuidPaysNothing() {
    Connected connected = side.connect();

    connected.delivery(connected.push(A_TO_B)).send();

    await().until(() -> !logged(connected).isEmpty());
    assertThat(logged(connected).getFirst().hookUuid()).isEmpty();
    assertThat(
            parts
                .database()
                .sql()
                .fetchCount(TWIN_DELIVERY, TWIN_DELIVERY.HOOK_ID.eq(connected.hook())))
        .isZero();
  }

  private static WebhookDelivery under(String uuid, Connected connected, Change change) {
    return connected.delivery(connected.push(change)).with("X-Hook-UUID", uuid);
  }

  private static WebhookDelivery atOther(WebhookDelivery delivery) {
    return delivery.to(other.url(delivery.url().getPath()));
  }

  private static List<HookUuid> uuids(Connected connected) {
    return seen(connected).stream().map(SeenUuid::uuid).toList();
  }

  private static List<SeenUuid> seen(Connected connected) {
    return side.hooks().uuids(side.hooks().find(connected.hook()).orElseThrow());
  }

  private static List<LoggedDelivery> logged(Connected connected) {
    return side.deliveries().page(connected.repository(), PageRequest.first(10)).items();
  }

  private static HookUuid uuid(String text) {
    return new HookUuid(text);
  }
}
