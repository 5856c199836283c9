package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.testkit.PushBody.hash;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.embedded.Broker;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Topics;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.WebhookDelivery;

@OnSharedServers
class WithoutKafkaTest {

  @TempDir private Path folder;

  @Test
  void pushesAreSpooledAndComeInOrderOnceItIsBack(@TempDir Path data) {
    Broker first = Broker.kept(data, 0);
    Topics.ensure(TestParts.kafka(first.access()), List.of(Topic.PUSH));
    try (TestParts parts = SharedServers.context(first.access());
        WebhookSide side = new WebhookSide(parts)) {
      Connected connected = side.connect();
      assertThat(push(connected, '1').status()).isEqualTo(202);
      first.close();

      assertThat(push(connected, '2').status()).isEqualTo(202);
      assertThat(push(connected, '3').status()).isEqualTo(202);
      assertThat(side.answers(202, "spooled")).isEqualTo(2);

      try (Broker again = Broker.kept(data, 0)) {
        // Kafka could take it now; it has to wait behind the others all the same.
        parts.clock().advance(Duration.ofSeconds(10));
        assertThat(push(connected, '4').status()).isEqualTo(202);
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () ->
                    assertThat(side.events(connected))
                        .extracting(PushEvent::newHash)
                        .containsExactly(hash('1'), hash('2'), hash('3'), hash('4')));
        assertThat(again.access()).isEqualTo(first.access());
      }
    }
  }

  @Test
  void everybodyElseIsAnsweredAtOnceAndABurstIsTakenWhole() {
    try (TestParts parts = SharedServers.context(SharedServers.nowhere());
        WebhookSide side = new WebhookSide(parts)) {
      Connected connected = side.connect();
      // This producer has never seen a broker: sending waits for one.
      CompletableFuture<HttpResponse<String>> waiting =
          CompletableFuture.supplyAsync(push(connected, '1')::send, Thread::startVirtualThread);

      int status = push(connected, '2').without("X-Hub-Signature").status();

      assertThat(status).isEqualTo(401);
      assertThat(waiting).isNotDone();
      assertThat(waiting.join().statusCode()).isEqualTo(202);

      List<CompletableFuture<Integer>> answers =
          IntStream.range(0, 200)
              .mapToObj(
                  i ->
                      connected.delivery(
                          connected.push(Change.branch("b" + i, hash('0'), hash('1')))))
              .map(
                  delivery ->
                      CompletableFuture.supplyAsync(delivery::status, Thread::startVirtualThread))
              .toList();
      assertThat(answers).extracting(CompletableFuture::join).containsOnly(202);
    }
  }

  @Test
  void whoIsPushedToAllTheTimeGoesStraightToKafkaAgain() {
    Broker first = Broker.kept(folder, 0);
    Topics.ensure(TestParts.kafka(first.access()), List.of(Topic.PUSH));
    try (TestParts parts = SharedServers.context(first.access());
        WebhookSide side = new WebhookSide(parts)) {
      Connected connected = side.connect();
      first.close();
      assertThat(push(connected, '1').status()).isEqualTo(202);
      try (Broker again = Broker.kept(folder, 0)) {
        assertThat(again.access()).isEqualTo(first.access());
        parts.clock().advance(Duration.ofSeconds(10));
        AtomicBoolean isOver = new AtomicBoolean();
        List<Thread> pushing =
            IntStream.range(0, 2)
                .mapToObj(i -> Thread.startVirtualThread(() -> pushUntil(isOver, connected)))
                .toList();
        await().atMost(Duration.ofSeconds(30)).until(() -> side.answers(202, "published") > 0);
        isOver.set(true);
        pushing.forEach(WithoutKafkaTest::join);
      }
    }
  }

  private static void pushUntil(AtomicBoolean isOver, Connected connected) {
    while (!isOver.get()) {
      assertThat(push(connected, '2').status()).isEqualTo(202);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static WebhookDelivery push(Connected connected, char to) {
    return connected.delivery(connected.push(Change.branch("main", hash('0'), hash(to))));
  }
}
