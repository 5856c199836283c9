package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;
import static sh.cinch.testkit.PushBody.hash;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
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
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.trace.Traceparent;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.WebhookDelivery;

@OnSharedServers
class PushesTest {

  private static final Change A_TO_B = Change.branch("main", hash('a'), hash('b'));
  private static final Change B_TO_A = Change.branch("main", hash('b'), hash('a'));

  private static TestParts parts;
  private static WebhookSide side;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts);
  }

  @AfterAll
  static void stop() {
    side.close();
    parts.close();
  }

  @Test
  void threeChangesAreThreeEventsInOrder() {
    Connected connected = side.connect();

    int status =
        connected
            .delivery(
                connected.push(
                    A_TO_B,
                    Change.branch("old", hash('c'), null),
                    Change.tag("v1", null, hash('b'))))
            .status();

    assertThat(status).isEqualTo(202);
    assertThat(side.events(connected))
        .extracting(PushEvent::ref, PushEvent::type, PushEvent::change, PushEvent::commit)
        .containsExactly(
            tuple("refs/heads/main", PushEvent.Type.BRANCH, PushEvent.Change.UPDATED, hash('b')),
            tuple("refs/heads/old", PushEvent.Type.BRANCH, PushEvent.Change.DELETED, null),
            tuple("refs/tags/v1", PushEvent.Type.TAG, PushEvent.Change.CREATED, hash('b')));
  }

  @Test
  void aRefThatNoEventCanNameCostsOnlyItself() {
    Connected connected = side.connect();

    int status =
        connected
            .delivery(
                connected.push(
                    Change.branch("x".repeat(400), null, hash('b')),
                    A_TO_B,
                    Change.tag("v1\\u001b[2J", null, hash('b'))))
            .status();

    assertThat(status).isEqualTo(202);
    assertThat(side.events(connected))
        .extracting(PushEvent::ref)
        .containsExactly("refs/heads/main");
  }

  @Test
  void theEventSaysWhereItCameFrom() {
    Connected connected = side.connect();

    connected.delivery(connected.push(A_TO_B)).send();

    PushEvent event = side.events(connected).getFirst();
    assertThat(event.repository())
        .isEqualTo(
            new Repository(
                connected.repository(),
                "bitbucket-cloud",
                "acme/app",
                connected.uuid(),
                "https://bitbucket.org/acme/app.git"));
    assertThat(event.hookId()).isEqualTo(connected.hook());
    assertThat(event.attempt()).isEqualTo(1);
    assertThat(event.reconciled()).isFalse();
    assertThat(event.actor()).isEqualTo(new PushEvent.Actor("{6b47}", "Jo"));
    assertThat(event.author()).isEqualTo("Jo <jo@example.com>");
  }

  @Test
  void anotherNameInAPayloadIsAHintAndNotBelieved() {
    Connected connected = side.connect();

    connected.delivery(PushBody.of(connected.uuid(), "acme/renamed", A_TO_B)).send();

    assertThat(side.events(connected).getFirst().repository().cloneUrl())
        .isEqualTo("https://bitbucket.org/acme/app.git");
    assertThat(side.hinted()).containsEntry(connected.repository(), "acme/renamed");
  }

  @Test
  void theTraceGoesOn() {
    Connected connected = side.connect();
    Traceparent trace = Traceparent.begin();

    connected.delivery(connected.push(A_TO_B)).with(Traceparent.HEADER, trace.toString()).send();

    Optional<Traceparent> carried =
        side.records(connected).getFirst().header(Traceparent.HEADER).flatMap(Traceparent::parse);
    assertThat(carried.map(Traceparent::trace)).contains(trace.trace());
    assertThat(carried.map(Traceparent::span)).isNotEqualTo(Optional.of(trace.span()));
  }

  @Test
  void aBranchThatGoesBackAndForthGivesThreeEvents() {
    Connected connected = side.connect();

    connected.delivery(connected.push(A_TO_B)).send();
    connected.delivery(connected.push(B_TO_A)).send();
    connected.delivery(connected.push(A_TO_B)).send();

    assertThat(side.eventIds(connected)).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aRetryUnderTheSameRequestIdIsTheSamePush() {
    Connected connected = side.connect();
    WebhookDelivery first = connected.delivery(connected.push(A_TO_B));

    first.send();
    first.with("X-Attempt-Number", "2").send();

    assertThat(side.eventIds(connected)).hasSize(2).containsOnly(firstId(connected));
  }

  @Test
  void aRetryUnderAnotherRequestIdIsTheSamePush() {
    Connected connected = side.connect();
    WebhookDelivery first = connected.delivery(connected.push(A_TO_B));

    first.send();
    retryUnderAnotherId(first, 2).send();
    retryUnderAnotherId(first, 3).send();

    assertThat(side.eventIds(connected)).hasSize(3).containsOnly(firstId(connected));
  }

  @Test
  void aRetryIsKnownFromTheDatabaseToo() {
    Connected connected = side.connect();
    WebhookDelivery first = connected.delivery(connected.push(A_TO_B));

    first.send();
    await().until(() -> isLogged(connected));
    try (WebhookSide other = new WebhookSide(parts)) {
      retryUnderAnotherId(first, 2).to(other.url("/webhooks/bitbucket/" + connected.hook())).send();
    }

    assertThat(side.eventIds(connected)).hasSize(2).containsOnly(firstId(connected));
  }

  @Test
  void aRetryThatAnotherInstanceGetsAtOnceIsTheSamePush() {
    Connected connected = side.connect();
    WebhookDelivery first = connected.delivery(connected.push(A_TO_B));

    try (WebhookSide other = new WebhookSide(parts)) {
      first.send();
      retryUnderAnotherId(first, 2).to(other.url("/webhooks/bitbucket/" + connected.hook())).send();
    }

    assertThat(side.eventIds(connected)).hasSize(2).containsOnly(firstId(connected));
  }

  @Test
  void aRetryOfWhatWasLongAgoIsAnotherPush() {
    Connected connected = side.connect();
    WebhookDelivery first = connected.delivery(connected.push(A_TO_B));

    first.send();
    await().until(() -> isLogged(connected));
    parts.clock().advance(Duration.ofMinutes(3));
    connected.delivery(connected.push(B_TO_A)).send();
    retryUnderAnotherId(first, 2).send();

    assertThat(side.eventIds(connected)).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aHookIsBoundByItsFirstSignedDelivery() {
    Connected connected = side.connect(false);

    assertThat(connected.delivery(connected.push(A_TO_B)).status()).isEqualTo(202);

    assertThat(side.hooks().find(connected.hook()).orElseThrow().forgeUuid())
        .contains(new HookUuid(connected.forgeHook().toString()));
  }

  @Test
  void aHookIsNotBoundByAnotherRepositorysDelivery() {
    Connected connected = side.connect(false);

    connected.delivery(side.connect().push(A_TO_B)).send();

    assertThat(side.hooks().find(connected.hook()).orElseThrow().forgeUuid()).isEmpty();
  }

  @Test
  void aBoundHookIsFoundByItsUuidAlone() {
    Connected connected = side.connect();

    WebhookDelivery delivery =
        connected.delivery(connected.push(A_TO_B)).to(side.url("/webhooks/bitbucket"));

    assertThat(delivery.status()).isEqualTo(202);
    assertThat(side.events(connected)).hasSize(1);
  }

  @Test
  void bracesAndCaseOfTheUuidDoNotMatter() {
    Connected connected = side.connect();

    WebhookDelivery delivery =
        connected
            .delivery(connected.push(A_TO_B))
            .with(
                "X-Hook-UUID",
                "{" + connected.forgeHook().toString().toUpperCase(Locale.ROOT) + "}");

    assertThat(delivery.status()).isEqualTo(202);
  }

  @Test
  void anUnsignedDeliveryIsTakenWhereThatIsAllowed() {
    Connected connected = side.connect(true);
    WebhookDelivery signed = connected.delivery(connected.push(A_TO_B));

    assertThat(signed.without("X-Hub-Signature").status()).isEqualTo(202);
    assertThat(signed.signed("guessed").status()).isEqualTo(401);
  }

  @Test
  void aReplacedSecretIsGoodForAnHour() {
    Connected connected = side.connect();
    Secret fresh = side.hooks().rotateSecret(connected.hook()).orElseThrow();
    WebhookDelivery old = connected.delivery(connected.push(A_TO_B));
    parts.clock().advance(Duration.ofMinutes(59));

    assertThat(old.signed(fresh.reveal()).status()).isEqualTo(202);
    assertThat(old.status()).isEqualTo(202);
    parts.clock().advance(Duration.ofMinutes(1));
    assertThat(old.status()).isEqualTo(401);
    assertThat(old.signed(fresh.reveal()).status()).isEqualTo(202);
  }

  private static WebhookDelivery retryUnderAnotherId(WebhookDelivery first, int attempt) {
    return first
        .with("X-Request-UUID", UUID.randomUUID().toString())
        .with("X-Attempt-Number", String.valueOf(attempt));
  }

  private static String firstId(Connected connected) {
    return side.records(connected).stream().map(Incoming::eventId).findFirst().orElseThrow();
  }

  private static boolean isLogged(Connected connected) {
    return !side.deliveries().page(connected.repository(), PageRequest.first(1)).items().isEmpty();
  }
}
