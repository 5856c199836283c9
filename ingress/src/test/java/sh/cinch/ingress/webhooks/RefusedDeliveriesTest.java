package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.testkit.PushBody.bytes;
import static sh.cinch.testkit.PushBody.hash;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.WebhookDelivery;

/** Each has its answer, its count and a line in the log, and nothing is published. */
@OnSharedServers
class RefusedDeliveriesTest {

  private static TestParts parts;
  private static WebhookSide side;

  private Connected connected;
  private WebhookDelivery good;

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

  @BeforeEach
  void connect() {
    connected = side.connect();
    good = connected.delivery(connected.push(Change.branch("main", null, hash('a'))));
  }

  @Test
  void unknownHook() {
    refused(good.to(side.url("/webhooks/bitbucket/" + UUID.randomUUID())), 401, "unknown-hook");
  }

  @Test
  void hookThatIsNoUuid() {
    refused(good.to(side.url("/webhooks/bitbucket/latest")), 401, "unknown-hook");
  }

  @Test
  void hookOfUnknownForgeUuid() {
    refused(
        good.to(side.url("/webhooks/bitbucket")).with("X-Hook-UUID", UUID.randomUUID().toString()),
        401,
        "unknown-hook");
  }

  @Test
  void wrongUuidAndSecret() {
    refused(
        good.with("X-Hook-UUID", UUID.randomUUID().toString()).signed("guessed"),
        401,
        "wrong-uuid");
  }

  @Test
  void wrongUuidWithoutSignature() {
    refused(
        good.with("X-Hook-UUID", UUID.randomUUID().toString()).without("X-Hub-Signature"),
        401,
        "wrong-uuid");
  }

  @Test
  void missingUuid() {
    refused(good.without("X-Hook-UUID"), 401, "wrong-uuid");
  }

  @Test
  void missingSignature() {
    refused(good.without("X-Hub-Signature"), 401, "no-signature");
  }

  @Test
  void malformedSignature() {
    refused(good.with("X-Hub-Signature", "sha256=abc"), 401, "malformed-signature");
  }

  @Test
  void signatureOfAnotherSecret() {
    refused(good.signed("guessed"), 401, "wrong-signature");
  }

  @Test
  void signatureOfAnotherBody() {
    refused(
        good.withBody(connected.push(Change.branch("main", null, hash('b')))),
        401,
        "wrong-signature");
  }

  @Test
  void anotherRepositorysPush() {
    Connected other = side.connect();
    refused(
        connected.delivery(other.push(Change.branch("main", null, hash('a')))),
        401,
        "other-repository");
    assertThat(side.events(other)).isEmpty();
  }

  @Test
  void anotherRepositorysOtherEvent() {
    Connected other = side.connect();
    refused(
        connected.delivery(other.push()).with("X-Event-Key", "repo:updated"),
        401,
        "other-repository");
  }

  @Test
  void notJson() {
    String text = refused(connected.delivery(bytes("{\"push\": oops")), 400, "not-json");

    assertThat(text).startsWith("not JSON from byte ");
  }

  @Test
  void otherEventThatIsNotJson() {
    refused(
        connected.delivery(bytes("oops")).with("X-Event-Key", "pullrequest:created"),
        400,
        "not-json");
  }

  @Test
  void jsonOfAnotherShape() {
    String text = refused(connected.delivery(bytes("{\"zen\":\"keep\"}")), 400, "other-shape");

    assertThat(text).isEqualTo("repository is missing\n");
  }

  @Test
  void unknownEvent() {
    refused(good.with("X-Event-Key", "repo:starred"), 200, "unknown-event");
  }

  @Test
  void missingEvent() {
    refused(good.without("X-Event-Key"), 200, "unknown-event");
  }

  @Test
  void pushThatChangedNothing() {
    refused(connected.delivery(connected.push()), 200, "nothing-changed");
  }

  @Test
  void removedHook() {
    assertThat(good.status()).isEqualTo(202);
    side.hooks().remove(connected.hook());
    parts.clock().advance(java.time.Duration.ofSeconds(1));

    assertThat(good.status()).isEqualTo(401);
  }

  @Test
  void everyRefusalReadsTheSame() {
    List<WebhookDelivery> posts =
        List.of(
            good.to(side.url("/webhooks/bitbucket/" + UUID.randomUUID())),
            good.without("X-Hook-UUID"),
            good.without("X-Hub-Signature"),
            good.signed("guessed"),
            connected.delivery(side.connect().push(Change.branch("main", null, hash('a')))));

    assertThat(posts.stream().map(WebhookDelivery::send).map(HttpResponse::body))
        .containsOnly("refused\n");
  }

  @Test
  void ofManyOfAKindTheLogHasOneLineAMinute() {
    assertThat(
            written(
                () -> {
                  good.signed("guessed").send();
                  good.signed("guessed again").send();
                  good.without("X-Hub-Signature").send();
                  parts.clock().advance(Duration.ofMinutes(1));
                  good.signed("guessed").send();
                }))
        .satisfiesExactly(
            first -> assertThat(first).contains("reason=wrong-signature").endsWith("leftOut=0"),
            other -> assertThat(other).contains("reason=no-signature").endsWith("leftOut=0"),
            next -> assertThat(next).contains("reason=wrong-signature").endsWith("leftOut=1"));
  }

  @Test
  void whateverHookAnAddressGuessesTheLogHasOneLineAMinute() {
    parts.clock().advance(Duration.ofMinutes(1));
    assertThat(
            written(
                () -> {
                  good.to(side.url("/webhooks/bitbucket/" + UUID.randomUUID())).send();
                  good.to(side.url("/webhooks/bitbucket/" + UUID.randomUUID())).send();
                },
                "reason=unknown-hook"))
        .singleElement()
        .asString()
        .contains("of=address:127.0.0.1 leftOut=");
  }

  @Test
  void theLogSaysWhyAndNoSecret() {
    String written =
        String.join(
            "\n",
            written(() -> good.signed("guessed").with("X-Request-UUID", "a\u00e4 b=c").send()));
    assertThat(written)
        .contains("answer=401 reason=wrong-signature")
        .doesNotContain(
            "sha256=",
            connected.secret().reveal(),
            WebhookDelivery.signature(connected.secret().reveal(), good.body()),
            "b=c");
  }

  @Test
  void eachIsRecordedWithWhatToDo() {
    Map<String, WebhookDelivery> refused =
        Map.of(
            "does not say which webhook", good.without("X-Hook-UUID"),
            "a second webhook with this one's URL",
                good.with("X-Hook-UUID", UUID.randomUUID().toString()).signed("guessed"),
            "has no secret", good.without("X-Hub-Signature"),
            "not as Bitbucket writes one", good.with("X-Hub-Signature", "sha256=abc"),
            "has another secret than Cinch", good.signed("guessed"),
            "about another repository",
                connected.delivery(side.connect().push(Change.branch("main", null, hash('a')))));

    refused.forEach(
        (words, delivery) -> {
          delivery.send();

          await()
              .untilAsserted(
                  () ->
                      assertThat(logged())
                          .first()
                          .satisfies(line -> isRefused(line, words, delivery)));
          // So that its line is the newest.
          parts.clock().advance(Duration.ofSeconds(1));
        });
    assertThat(side.hooks().find(connected.hook()).orElseThrow().lastDeliveryAt()).isEmpty();
  }

  private static void isRefused(LoggedDelivery line, String words, WebhookDelivery delivery) {
    assertThat(line.answer()).isEqualTo(401);
    assertThat(line.events()).isZero();
    assertThat(line.bodySha256()).isEmpty();
    assertThat(line.reason().orElseThrow()).contains(words);
    assertThat(line.requestId()).contains(delivery.headers().get("X-Request-UUID"));
    assertThat(line.hookUuid())
        .isEqualTo(HookUuid.parse(delivery.headers().get("X-Hook-UUID")).map(HookUuid::value));
  }

  @Test
  void ofAHookAndDayAHundredAreRecorded() {
    double before = side.answers(401, "wrong-signature");
    WebhookDelivery guessed = good.signed("guessed");

    for (int i = 0; i < 101; i++) {
      guessed.send();
    }

    assertThat(side.answers(401, "wrong-signature")).isEqualTo(before + 101);
    await().until(() -> logged().size() == 100);
    assertThat(good.status()).isEqualTo(202);
    await().until(() -> logged().size() == 101);
    parts.clock().advance(Duration.ofDays(1));
    guessed.send();
    await().until(() -> logged().size() == 102);
  }

  @Test
  void unknownHooksAreNotRecorded() {
    WebhookDelivery unknown = good.to(side.url("/webhooks/bitbucket/" + UUID.randomUUID()));

    unknown.send();
    good.send();

    await().until(() -> !logged().isEmpty());
    assertThat(logged()).extracting(LoggedDelivery::answer).containsExactly(202);
  }

  @Test
  void whatWasRefusedIsNobodysAttempt() {
    good.signed("guessed").with("X-Request-UUID", "guessed").send();
    await().until(() -> !logged().isEmpty());

    good.with("X-Request-UUID", "genuine").with("X-Attempt-Number", "2").send();
    await().until(() -> logged().size() == 2);

    assertThat(logged().getFirst().firstRequestId()).isEqualTo("genuine");
  }

  private List<LoggedDelivery> logged() {
    return side.deliveries().page(connected.repository(), PageRequest.first(200)).items();
  }

  private List<String> written(Runnable act) {
    return written(act, connected.hook().toString());
  }

  private static List<String> written(Runnable act, String which) {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("sh.cinch");
    lines.start();
    logger.addAppender(lines);
    try {
      act.run();
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(which))
        .toList();
  }

  private String refused(WebhookDelivery post, int status, String reason) {
    double before = side.answers(status, reason);

    HttpResponse<String> answer = post.send();

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(side.answers(status, reason)).isEqualTo(before + 1);
    assertThat(side.events(connected)).isEmpty();
    return answer.body();
  }
}
