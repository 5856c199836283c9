package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.testkit.PushBody.hash;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.embedded.Postgres;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.Running;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.WebhookDelivery;

/** PostgreSQL has gone; of the two instances that know a hook, one has lost Kafka as well. */
@Execution(ExecutionMode.CONCURRENT)
class WithoutPostgresTest {

  /** Bitbucket waits ten seconds; well under is what we promise. */
  private static final Duration IN_TIME = Duration.ofSeconds(8);

  private static TestParts parts;
  private static TestParts withoutKafka;
  private static TestParts coldParts;
  private static WebhookSide side;
  private static WebhookSide lonely;
  private static Connected connected;
  private static Connected lonelyOne;

  @BeforeAll
  static void start() {
    try (Postgres postgres = Postgres.temporary()) {
      parts = TestParts.open(SharedServers.kafka(), postgres.database());
      withoutKafka = TestParts.open(SharedServers.nowhere(), postgres.database());
      coldParts = TestParts.open(SharedServers.kafka(), postgres.database());
      side = new WebhookSide(parts);
      lonely = new WebhookSide(withoutKafka);
      // Its first delivery binds it.
      connected = side.connect(false);
      lonelyOne = lonely.connect();
      assertThat(push(connected, '1').status()).isEqualTo(202);
      assertThat(push(lonelyOne, '1').status()).isEqualTo(202);
    }
  }

  @AfterAll
  static void stop() {
    // Together, since what waits for the database waits for its full time.
    Stream.of(closing(side, parts), closing(lonely, withoutKafka), closing(coldParts))
        .forEach(CompletableFuture::join);
  }

  private static CompletableFuture<Void> closing(AutoCloseable... parts) {
    Running running = new Running();
    List.of(parts).reversed().forEach(running::with);
    return CompletableFuture.runAsync(running::close, Thread::startVirtualThread);
  }

  @AfterEach
  void back() {
    parts.clock().reset();
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aKnownHookServesForTenMinutes() {
    parts.clock().advance(Duration.ofMinutes(9));
    assertThat(push(connected, '2').status()).isEqualTo(202);

    parts.clock().advance(Duration.ofMinutes(1));
    double before = side.answers(503, "cannot-know");
    assertThat(push(connected, '3').status()).isEqualTo(503);

    assertThat(side.answers(503, "cannot-know")).isEqualTo(before + 1);
    assertThat(side.events(connected))
        .extracting(PushEvent::newHash)
        .contains(hash('2'))
        .doesNotContain(hash('3'));
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aBodyThatComesAgainIsPublishedForWantOfKnowledge() {
    assertThat(push(connected, '8').status()).isEqualTo(202);
    parts.clock().advance(Duration.ofMinutes(5));

    assertThat(push(connected, '8').status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::newHash)
        .filteredOn(hash('8')::equals)
        .hasSize(2);
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aRetryStillGoesToKafka() {
    WebhookDelivery retry = push(connected, '4').with("X-Attempt-Number", "2");

    assertThat(retry.status()).isEqualTo(202);
    assertThat(side.events(connected)).extracting(PushEvent::newHash).contains(hash('4'));
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aRetryOfWhatWasJustPublishedIsStillTheSamePush() {
    WebhookDelivery first = push(connected, '5');

    first.send();
    first.with("X-Request-UUID", UUID.randomUUID().toString()).with("X-Attempt-Number", "2").send();

    List<String> ids =
        side.records(connected).stream()
            .filter(record -> hash('5').equals(WebhookSide.event(record).newHash()))
            .map(Incoming::eventId)
            .toList();
    assertThat(ids).hasSize(2);
    assertThat(Set.copyOf(ids)).hasSize(1);
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void aHookThatWasMadeAgainIsNeitherTakenNorRefused() {
    WebhookDelivery again = push(connected, '7').with("X-Hook-UUID", UUID.randomUUID().toString());

    assertThat(again.status()).isEqualTo(503);
    assertThat(again.signed("guessed").status()).isEqualTo(401);
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void anInstanceThatStartsNowRefusesNobody() {
    try (WebhookSide cold = new WebhookSide(coldParts)) {
      HttpResponse<String> answer =
          push(connected, '6').to(cold.url("/webhooks/bitbucket/" + connected.hook())).send();

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }
  }

  @Test
  @Execution(ExecutionMode.SAME_THREAD)
  void withoutKafkaTooBitbucketIsAskedToTryAgainInTime() {
    long begin = System.nanoTime();

    List<CompletableFuture<HttpResponse<String>>> sent =
        List.of(
            later(push(lonelyOne, '7')), later(push(lonelyOne, '8')), later(push(lonelyOne, '9')));
    List<HttpResponse<String>> answers = sent.stream().map(CompletableFuture::join).toList();

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(Duration.ofSeconds(1), IN_TIME);
    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(503);
    assertThat(answers.getFirst().headers().firstValue("Retry-After")).contains("5");
    assertThat(lonely.answers(503, "no-room")).isEqualTo(3);
  }

  private static CompletableFuture<HttpResponse<String>> later(WebhookDelivery post) {
    return CompletableFuture.supplyAsync(post::send, Thread::startVirtualThread);
  }

  private static WebhookDelivery push(Connected to, char hash) {
    return to.delivery(to.push(Change.branch("main", hash('0'), hash(hash))));
  }
}
