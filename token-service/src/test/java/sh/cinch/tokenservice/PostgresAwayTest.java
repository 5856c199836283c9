package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.CuttableConnection;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.TestServers;

/** The database does not answer for a while. */
class PostgresAwayTest {

  private final Stack stack = new Stack();
  private final CuttableConnection bitbucket =
      stack.running.with(CuttableConnection.to(stack.forge.port()));
  private final CuttableConnection database =
      stack.running.with(CuttableConnection.to(TestServers.shared().postgresPort()));
  private final Instance instance = stack.start(bitbucket, database);

  @AfterEach
  void close() {
    database.mend();
    stack.close();
  }

  @Test
  void tokensThatItCannotTakeAreKeptUntilItCan() {
    UUID credential = stack.connect(instance, "ada");
    CountDownLatch granted = new CountDownLatch(1);
    bitbucket.watch(KillPoint.BEFORE_THE_COMMIT.watch(database::cut, granted::countDown));
    stack.clock.advance(Duration.ofHours(3));

    CompletableFuture<Reply> lease = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> lease.complete(instance.lease(credential)));
    await().until(() -> granted.getCount() == 0);
    assertThat(lease.join().status()).as("nobody is lent what is not written down").isEqualTo(503);
    bitbucket.watch(new CuttableConnection.Watch() {});
    database.mend();

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(instance.lease(credential).status()).isEqualTo(201));
    assertThat(stack.forge.refreshes("ada").requests())
        .as("what Bitbucket gave was saved, not asked for again")
        .isOne();
  }

  @Test
  void whatIsKnownIsLentMeanwhileAndNotForLong() {
    UUID credential = stack.connect(instance, "ada");
    String token = instance.lease(credential).text("authorization");

    database.cut();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(instance.management("/health/ready").body())
                    .contains("PostgreSQL does not answer"));
    assertThat(instance.lease(credential).text("authorization")).isEqualTo(token);
    assertThat(instance.lease(UUID.randomUUID()).status()).isEqualTo(503);
    stack.clock.advance(Duration.ofMinutes(11));
    assertThat(instance.lease(credential).status()).isEqualTo(503);
    database.mend();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(instance.lease(credential).text("authorization")).isEqualTo(token));
  }
}
