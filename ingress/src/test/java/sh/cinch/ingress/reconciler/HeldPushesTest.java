package sh.cinch.ingress.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.HELD_PUSH;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.reconciler.Looking.Watched;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.WebhookDelivery;

/** A body that comes again, beside a Bitbucket that can be asked. */
@OnLooking
class HeldPushesTest {

  private static final String MAIN = "refs/heads/main";

  private static final Duration OUTSIDE_THE_WINDOW = Duration.ofMinutes(5);
  private static final Duration KNOWN_EVERYWHERE = Duration.ofSeconds(4);

  private final Looking looking;

  private HeldPushChecks checks;
  private final Watched watched;
  private final String a;
  private final String b;
  private final String c;

  private int delivered;

  /** Delivered when main went on from a to b; it is at c by now. */
  private final byte[] captured;

  HeldPushesTest(Looking looking) {
    this.looking = looking;
    checks = looking.heldPushChecks();
    watched = looking.watch();
    a = looking.push(watched, MAIN);
    b = looking.push(watched, MAIN);
    c = looking.push(watched, MAIN);
    captured = body(Change.branch("main", a, b));
    deliver(body(Change.branch("main", null, a)), captured, body(Change.branch("main", b, c)));
    later();
  }

  @Test
  void aCapturedBodyIsHeldAndDropped() {
    deliver(captured);

    assertThat(newest())
        .returns("held", LoggedDelivery::outcome)
        .returns(202, LoggedDelivery::answer)
        .returns(0, LoggedDelivery::events);
    assertThat(newest().reason().orElseThrow()).contains("came before", MAIN);
    check();

    assertThat(commits()).containsExactly(a, b, c);
    assertThat(newest()).returns("dropped", LoggedDelivery::outcome);
    assertThat(newest().reason().orElseThrow())
        .contains("Bitbucket has %s at %s".formatted(MAIN, c.substring(0, 12)));
    deliver(body(Change.branch("main", c, looking.push(watched, MAIN))));
    assertThat(commits()).hasSize(4);
  }

  @Test
  void whicheverAttemptItSaysItIs() {
    assertThat(delivery(captured).with("X-Attempt-Number", "3").status()).isEqualTo(202);

    check();
    assertThat(commits()).containsExactly(a, b, c);
  }

  @Test
  void anotherReplayRightAfterItWasDroppedIsHeldToo() {
    deliver(captured);
    check();

    deliver(captured);

    assertThat(newest()).returns("held", LoggedDelivery::outcome);
    check();
    assertThat(commits()).containsExactly(a, b, c);
  }

  @Test
  void whileItIsHeldItsBodyHasOneRowAndEveryLineSaysWhatBecameOfIt() {
    deliver(captured, captured, captured);

    assertThat(held()).isOne();
    check();
    assertThat(lines().subList(0, 3)).extracting(LoggedDelivery::outcome).containsOnly("dropped");
    assertThat(lines().getFirst().reason().orElseThrow()).contains(lines().get(2).id().toString());
  }

  @Test
  void whatIsHeldLiesEncrypted() {
    deliver(captured);

    byte[] row =
        looking
            .parts
            .database()
            .sql()
            .select(HELD_PUSH.BODY)
            .from(HELD_PUSH)
            .fetchSingle(HELD_PUSH.BODY);
    assertThat(new String(row, StandardCharsets.ISO_8859_1)).doesNotContain("refs", "main", a);
  }

  @Test
  void aBranchThatGoesForthAndBackIsPublishedAtOnce() {
    byte[] back = body(Change.branch("main", c, a));
    deliver(back);
    later();

    deliver(captured, body(Change.branch("main", b, c)));

    assertThat(held()).isZero();
    assertThat(commits()).containsExactly(a, b, c, a, b, c);
    assertThat(looking.side.eventIds(watched.connected())).doesNotHaveDuplicates();
  }

  /** The push before it was missed, so that the known head is behind. */
  @Test
  void whereBitbucketSaysSoItIsPublishedUnderItsId() {
    looking.bitbucket.push(watched.name(), MAIN, a);
    looking.bitbucket.push(watched.name(), MAIN, b);
    String request = UUID.randomUUID().toString();
    delivery(captured).with("X-Request-UUID", request).send();
    assertThat(commits()).hasSize(3);

    check();

    assertThat(looking.events(watched, 4).getLast())
        .returns(b, PushEvent::newHash)
        .returns(a, PushEvent::oldHash)
        .returns(newest().id(), PushEvent::deliveryId)
        .returns(false, PushEvent::reconciled);
    assertThat(looking.side.eventIds(watched.connected()).getLast())
        .isEqualTo(eventId(MAIN, a, b, request));
    assertThat(newest())
        .returns("spooled", LoggedDelivery::outcome)
        .returns(1, LoggedDelivery::events);
  }

  /** Found by two looks before: whoever publishes it, it has one id. */
  @Test
  void whatTheReconcilerFoundMeanwhileHasItsId() {
    looking.look();
    looking.bitbucket.push(watched.name(), MAIN, b);
    looking.wait(Looking.A_WHILE);
    looking.look();
    deliver(captured);
    check();

    looking.events(watched, 4);
    looking.recorded();
    looking.confirm();
    looking.confirm();

    assertThat(looking.side.eventIds(watched.connected())).hasSize(4);
    assertThat(looking.head(watched, MAIN)).returns(b, KnownHead::hash);
  }

  @Test
  void whatItsRefIsAtAlreadyIsNotPublishedAgain() {
    deliver(body(Change.branch("main", b, c)));

    int asked = looking.bitbucket.requests("GET", "*/refs*");
    check();

    assertThat(commits()).containsExactly(a, b, c);
    assertThat(newest().reason().orElseThrow()).contains("at this commit already");
    assertThat(looking.bitbucket.requests("GET", "*/refs*")).as("nobody is asked").isEqualTo(asked);
  }

  @Test
  void aCapturedCreationDoesNotComeBackOnceItsBranchIsDeleted() {
    String x = looking.push(watched, "refs/heads/x");
    byte[] created = body(Change.branch("x", null, x));
    deliver(created, body(Change.branch("x", x, null)));
    looking.delete(watched, "refs/heads/x");
    later();

    deliver(created);
    check();

    assertThat(commits()).containsExactly(a, b, c, x, null);
    assertThat(newest().reason().orElseThrow()).contains("Bitbucket has no refs/heads/x");
  }

  @Test
  void norDoesACapturedDeletionOnceItIsMadeAgain() {
    String x = looking.push(watched, "refs/heads/x");
    byte[] deleted = body(Change.branch("x", x, null));
    String y = looking.push(watched, "refs/heads/x");
    deliver(body(Change.branch("x", null, x)), deleted, body(Change.branch("x", null, y)));
    later();

    deliver(deleted);
    check();

    assertThat(commits()).containsExactly(a, b, c, x, null, y);
    assertThat(newest()).returns("dropped", LoggedDelivery::outcome);
  }

  @Test
  void aBranchThatIsReallyMadeAgainIsPublished() {
    String x = looking.push(watched, "refs/heads/x");
    byte[] created = body(Change.branch("x", null, x));
    deliver(created, body(Change.branch("x", x, null)));
    later();

    deliver(created);
    check();

    looking.events(watched, 6);
    assertThat(commits()).containsExactly(a, b, c, x, null, x);
  }

  @Test
  void ofSeveralChangesThoseThatAreRealArePublished() {
    String x = looking.push(watched, "refs/heads/x");
    byte[] both = body(Change.branch("main", a, b), Change.branch("x", null, x));
    deliver(both, body(Change.branch("x", x, null)), body(Change.branch("main", b, c)));
    later();

    deliver(both);
    check();

    looking.events(watched, 8);
    assertThat(commits()).endsWith(b, x, null, c, x).hasSize(8);
    assertThat(newest()).returns(1, LoggedDelivery::events);
    assertThat(newest().reason().orElseThrow())
        .contains("published: Bitbucket has refs/heads/x", "not published: Bitbucket has " + MAIN);
  }

  @Test
  void oneLookServesAllOfARepository() {
    String x = looking.push(watched, "refs/heads/x");
    looking.delete(watched, "refs/heads/x");
    byte[] other = body(Change.branch("x", null, x));
    deliver(other, body(Change.branch("x", x, null)));
    later();
    int asked = looking.bitbucket.requests("GET", "*/refs*");

    deliver(captured, other);
    check();

    assertThat(newest()).returns("dropped", LoggedDelivery::outcome);
    assertThat(looking.bitbucket.requests("GET", "*/refs*")).isEqualTo(asked + 1);
  }

  @Test
  void aRetryWithinTheWindowIsThePushThatItWas() {
    byte[] next = body(Change.branch("main", c, looking.push(watched, MAIN)));
    deliver(next);
    looking.wait(Duration.ofSeconds(100));

    assertThat(delivery(next).with("X-Attempt-Number", "2").status()).isEqualTo(202);

    assertThat(held()).isZero();
    List<String> ids = looking.side.eventIds(watched.connected());
    assertThat(ids).hasSize(5);
    assertThat(ids.get(4)).isEqualTo(ids.get(3));
  }

  @Test
  void equalBodiesInAStreamAreRetriesAsFarAsAnybodyKnows() {
    byte[] again = body(Change.branch("other", hash('1'), hash('2')));
    for (int i = 0; i < 10; i++) {
      deliver(again);
      looking.wait(Duration.ofMinutes(1));
    }

    assertThat(held()).isZero();
    assertThat(commits()).hasSize(13);
    assertThat(looking.side.eventIds(watched.connected())).doesNotHaveDuplicates();
  }

  @Test
  void whoRepeatsACapturedOneOftenEnoughDoesNotStayWithinTheWindowForEver() {
    byte[] again = body(Change.branch("other", hash('1'), hash('2')));
    deliver(again);
    for (int i = 0; i < 40; i++) {
      looking.wait(Duration.ofSeconds(100));
      assertThat(delivery(again).status()).isEqualTo(202);
    }

    assertThat(held()).isOne();
    assertThat(commits()).hasSizeLessThan(3 + 38);
  }

  @Test
  void whoeverTakesOverEndsWhatAnotherHeld() {
    deliver(captured);
    looking.wait(KNOWN_EVERYWHERE);
    boolean unused = checks.run();

    checks = looking.heldPushChecks();
    check();

    assertThat(newest()).returns("dropped", LoggedDelivery::outcome);
  }

  @Test
  void whereTheForgeDoesNotSayItIsDroppedInTime() {
    looking.bitbucket.push(watched.name(), MAIN, b);
    looking.bitbucket.fault(Map.of("path", "*/refs*", "kind", "status", "status", 503));
    deliver(captured);
    looking.recorded();
    for (int second = 0; second < HeldPushChecks.LONGEST.toSeconds() - 8; second += 4) {
      looking.wait(Duration.ofSeconds(4));
      boolean unused = checks.run();
      assertThat(held()).isOne();
    }

    looking.wait(Duration.ofSeconds(8));
    check();

    assertThat(commits()).containsExactly(a, b, c);
    assertThat(newest().reason().orElseThrow())
        .contains("could not be asked", "the comparison of heads publishes it");
  }

  @Test
  void withoutKafkaItIsDroppedInTimeToo() {
    checks = looking.heldPushChecks(() -> Optional.empty());
    deliver(captured);
    looking.wait(HeldPushChecks.LONGEST.minusSeconds(5));
    boolean unused = checks.run();
    assertThat(held()).isOne();

    looking.wait(Duration.ofSeconds(5));
    check();

    assertThat(newest().reason().orElseThrow()).contains("under way");
  }

  @Test
  void ofARepositoryThatIsNoLongerConnectedNothingIsPublished() {
    looking.bitbucket.push(watched.name(), MAIN, b);
    deliver(captured);
    looking
        .parts
        .database()
        .sql()
        .update(REPOSITORY)
        .set(REPOSITORY.STATE, "disconnected")
        .where(REPOSITORY.ID.eq(watched.id()))
        .execute();

    check();

    assertThat(commits()).containsExactly(a, b, c);
    assertThat(newest().reason().orElseThrow()).contains("not connected");
  }

  @Test
  void aFreshPushThatContinuesFromItSaysThatItIsReal() {
    // From c to a, which was missed.
    looking.bitbucket.push(watched.name(), MAIN, b);
    deliver(captured);
    String d = looking.push(watched, MAIN);

    deliver(body(Change.branch("main", b, d)));

    looking.events(watched, 5);
    assertThat(commits()).containsExactly(a, b, c, b, d);
    assertThat(held()).isZero();
    assertThat(lines().get(1))
        .returns("spooled", LoggedDelivery::outcome)
        .satisfies(line -> assertThat(line.reason().orElseThrow()).contains("continues from it"));
  }

  @Test
  void soItIsAtAnotherInstance() {
    looking.bitbucket.push(watched.name(), MAIN, b);
    String d = looking.push(watched, MAIN);
    try (TestParts parts = looking.another();
        WebhookSide other = new WebhookSide(parts)) {
      deliver(captured);
      await().until(() -> parts.context().metrics().get("cinch.webhook.held").gauge().value() == 1);

      assertThat(
              delivery(body(Change.branch("main", b, d)))
                  .to(other.url("/webhooks/bitbucket/" + watched.connected().hook()))
                  .status())
          .isEqualTo(202);
    }

    looking.events(watched, 5);
    assertThat(commits()).containsExactly(a, b, c, b, d);
  }

  @Test
  void aFreshPushThatContinuesFromTheKnownHeadSaysNothing() {
    byte[] there = body(Change.branch("main", b, c));
    deliver(there);
    assertThat(held()).isOne();
    String d = looking.push(watched, MAIN);

    deliver(body(Change.branch("main", c, d)));
    check();

    looking.events(watched, 4);
    assertThat(commits()).containsExactly(a, b, c, d);
  }

  @Test
  void norDoesAnotherCapturedOne() {
    byte[] next = body(Change.branch("main", b, c));
    deliver(captured, next);

    assertThat(held()).isEqualTo(2);
    check();
    assertThat(commits()).containsExactly(a, b, c);
  }

  @Test
  void whatIsDeliveredNextComesAfterIt() {
    looking.bitbucket.push(watched.name(), MAIN, b);
    deliver(captured);
    String x = looking.push(watched, "refs/heads/x");
    Optional<Integer> status =
        looking.whileNothingIsDrained(
            () -> {
              check();
              return delivery(body(Change.branch("x", null, x))).status();
            });

    assertThat(status).contains(202);
    looking.events(watched, 5);
    assertThat(commits()).containsExactly(a, b, c, b, x);
  }

  @Test
  void beyondAHundredOfAWebhookThereIsNoRoom() {
    deliver(captured);
    looking
        .parts
        .database()
        .sql()
        .execute(
            """
            insert into ingress.held_push (hook_id, body_sha256, delivery_id, repository_id, first_request_id, attempt,
              trace, key_id, body, came_at, received_at, held_at)
            select hook_id, sha256(i::text::bytea), gen_random_uuid(), repository_id, first_request_id, attempt,
              trace, key_id, body, came_at, received_at, held_at
            from ingress.held_push, generate_series(1, 99) i
            """);

    assertThat(delivery(captured).status()).as("it has its row").isEqualTo(202);
    assertThat(delivery(body(Change.branch("main", b, c))).status()).isEqualTo(503);

    await()
        .untilAsserted(
            () -> assertThat(newest()).returns("no-room-to-hold", LoggedDelivery::outcome));
    assertThat(commits()).containsExactly(a, b, c);
  }

  @Test
  void whereItCannotBeHeldBitbucketIsAskedToComeAgain() {
    looking
        .parts
        .database()
        .sql()
        .execute("alter table ingress.held_push add constraint broken check (false) not valid");
    try {
      assertThat(delivery(captured).status()).isEqualTo(503);
    } finally {
      looking
          .parts
          .database()
          .sql()
          .execute("alter table ingress.held_push drop constraint broken");
    }
    assertThat(delivery(captured).with("X-Attempt-Number", "2").status()).isEqualTo(202);

    assertThat(held()).isOne();
    assertThat(commits()).containsExactly(a, b, c);
  }

  @Test
  void whatCinchReplaysItselfIsNotHeld() {
    LoggedDelivery delivered = lines().get(1);
    await()
        .until(
            () ->
                new DeliveryBodies(looking.parts.database(), looking.parts.vault())
                    .find(delivered.id())
                    .isPresent());

    LoggedDelivery replay =
        looking
            .side
            .own()
            .replay()
            .replay(
                delivered,
                new HookedRepository(
                    watched.id(),
                    "bitbucket-cloud",
                    watched.connected().uuid(),
                    watched.connected().fullName()),
                List.of(),
                false,
                "operator");

    assertThat(replay.outcome()).isEqualTo("replayed");
    // Under its id once more.
    assertThat(looking.side.events(watched.connected()))
        .extracting(PushEvent::newHash)
        .startsWith(a, b, c)
        .endsWith(b);
    assertThat(held()).isZero();
  }

  @Test
  void throughTwoWebhooksItIsHeldOnce() {
    String again = UUID.randomUUID().toString();
    String x = looking.push(watched, "refs/heads/x");
    assertThat(delivery(body(Change.branch("x", null, x))).with("X-Hook-UUID", again).status())
        .isEqualTo(202);
    later();

    deliver(captured);
    assertThat(delivery(captured).with("X-Hook-UUID", again).status()).isEqualTo(202);

    assertThat(held()).isOne();
    await().untilAsserted(() -> assertThat(newest()).returns("same-push", LoggedDelivery::outcome));
    deliver(captured);
    assertThat(newest()).as("that was no retry").returns("held", LoggedDelivery::outcome);
    check();
    assertThat(commits()).containsExactly(a, b, c, x);
  }

  private static String hash(char digit) {
    return String.valueOf(digit).repeat(40);
  }

  private byte[] body(Change... changes) {
    return watched.connected().push(changes);
  }

  private WebhookDelivery delivery(byte[] body) {
    return watched.connected().delivery(body);
  }

  private void deliver(byte[]... bodies) {
    for (byte[] body : bodies) {
      assertThat(delivery(body).status()).isEqualTo(202);
      delivered++;
    }
  }

  /** All that came is known everywhere, and none of it can be a retry any more. */
  private void later() {
    await().until(() -> lines().size() >= delivered);
    looking.recorded();
    looking.wait(OUTSIDE_THE_WINDOW);
  }

  /** Until nothing is held any more. */
  private void check() {
    looking.wait(KNOWN_EVERYWHERE);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              boolean unused = checks.run();
              return held() == 0;
            });
  }

  private int held() {
    return looking
        .parts
        .database()
        .sql()
        .fetchCount(HELD_PUSH, HELD_PUSH.REPOSITORY_ID.eq(watched.id()));
  }

  private List<@Nullable String> commits() {
    return looking.side.different(watched.connected()).stream()
        .<@Nullable String>map(PushEvent::newHash)
        .toList();
  }

  private LoggedDelivery newest() {
    return lines().getFirst();
  }

  private List<LoggedDelivery> lines() {
    return looking.side.deliveries().page(watched.id(), PageRequest.first(100)).items();
  }

  private String eventId(String ref, String from, String to, String request) {
    return HexFormat.of()
        .formatHex(
            DigestUtils.sha256(String.join("\0", watched.id().toString(), ref, from, to, request)),
            0,
            16);
  }
}
