package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.Reply;

/** What one instance does, the others know. */
class ChangeNotificationsTest {

  private final Stack stack = new Stack();
  private final Instance one = stack.start();
  private final Instance other = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void aTokenReplacedElsewhereIsNoLongerLent() {
    UUID credential = stack.connect(one, "ada");
    stack.clock.advance(Duration.ofMinutes(10));
    Reply lease = other.lease(credential);

    one.reject(credential, lease);
    String fresh = one.lease(credential).text("authorization");

    await()
        .untilAsserted(
            () -> assertThat(other.lease(credential).text("authorization")).isEqualTo(fresh));
    assertThat(stack.forge.refreshes("ada").requests()).isOne();
  }

  @Test
  void aRejectionHeardByOneIsARefreshByNobodyElse() {
    UUID credential = stack.connect(one, "ada");
    stack.clock.advance(Duration.ofMinutes(10));
    Reply lease = other.lease(credential);

    one.reject(credential, lease);
    other.reject(credential, lease);

    await()
        .untilAsserted(
            () ->
                assertThat(other.lease(credential).text("leaseId"))
                    .isNotEqualTo(lease.text("leaseId")));
    assertThat(stack.forge.refreshes("ada").requests()).isOne();
  }

  @Test
  void whatWasErasedElsewhereIsNoLongerLent() {
    UUID credential = stack.connect(one, "ada");
    other.lease(credential);

    one.erase(credential);

    await().untilAsserted(() -> assertThat(other.lease(credential).status()).isEqualTo(409));
  }

  @Test
  void whoWaitsForAnothersRefreshGetsItsTokenAndNotATimeOut() throws Exception {
    UUID credential = stack.connect(one, "ada");
    stack.forge.breakTokenEndpoint(
        new io.vertx.core.json.JsonObject().put("kind", "latency").put("ms", 400));
    stack.clock.advance(Duration.ofHours(3));

    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> one.lease(credential));
      var second = threads.submit(() -> other.lease(credential));
      assertThat(second.get().text("authorization")).isEqualTo(first.get().text("authorization"));
    }
    assertThat(stack.forge.refreshes("ada").requests()).isOne();
  }
}
