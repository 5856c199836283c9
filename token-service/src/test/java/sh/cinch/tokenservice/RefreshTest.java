package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;

/** What becomes of credentials whose token ends, whatever the forge does. */
class RefreshTest {

  private static final Duration UNTIL_EXPIRED = Duration.ofHours(3);
  private static final Duration UNTIL_THE_NEXT_TRY = Duration.ofMinutes(8);

  private final Stack stack = new Stack();
  private final SimulatedBitbucket forge = stack.forge;
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void aTokenThatLastsIsLentWithoutAskingTheForge() {
    UUID credential = stack.connect(instance, "ada");
    int before = forge.tokenRequests();

    Reply one = instance.lease(credential);
    Reply other = instance.lease(credential);

    assertThat(other.json()).isEqualTo(one.json());
    assertThat(forge.tokenRequests()).isEqualTo(before);
  }

  @Test
  void aTokenThatDoesNotLastAsLongAsAskedIsReplaced() {
    UUID credential = stack.connect(instance, "ada");
    String first = instance.lease(credential).text("authorization");
    stack.clock.advance(Duration.ofMinutes(90));

    Reply lease =
        instance.worker(
            "POST",
            "/v1/credentials/" + credential + "/leases",
            new JsonObject().put("minimumSeconds", 3000));

    assertThat(lease.text("authorization")).isNotEqualTo(first);
  }

  @Test
  void fiftyLesseesOnTwoInstancesAreOneRefresh() throws Exception {
    Instance other = stack.start();
    UUID credential = stack.connect(instance, "ada");
    forge.breakTokenEndpoint(new JsonObject().put("kind", "latency").put("ms", 200));
    int before = forge.tokenRequests();
    stack.clock.advance(UNTIL_EXPIRED);

    List<Future<Reply>> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        Instance asking = i % 2 == 0 ? instance : other;
        asked.add(threads.submit(() -> asking.lease(credential)));
      }
    }

    assertThat(forge.tokenRequests()).isEqualTo(before + 1);
    for (Future<Reply> lease : asked) {
      assertThat(lease.get().status()).isEqualTo(201);
      assertThat(lease.get().text("authorization"))
          .isEqualTo(asked.getFirst().get().text("authorization"));
    }
    assertThat(forge.statusOf(asked.getFirst().get().text("authorization"), "/2.0/user"))
        .isEqualTo(200);
  }

  @Test
  void whoeverWaitsForACredentialThatIsErasedMeanwhileIsToldSo() throws Exception {
    UUID credential = stack.connect(instance, "ada");
    forge.breakTokenEndpoint(new JsonObject().put("kind", "latency").put("ms", 500));
    stack.clock.advance(UNTIL_EXPIRED);

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Reply> lease = threads.submit(() -> instance.lease(credential));
      await()
          .until(
              () ->
                  instance
                          .sql()
                          .fetchSingle(
                              "select refreshing_until from token_service.credential where id = ?",
                              credential)
                          .get(0)
                      != null);
      instance.erase(credential);

      assertThat(lease.get().status()).isEqualTo(409);
      assertThat(lease.get().text("detail")).contains("disconnected");
    }
    assertThat(instance.state(credential)).isEqualTo("revoked");
  }

  @Test
  void aClaimWhoseHolderDiedIsTakenOver() throws Exception {
    UUID credential = stack.connect(instance, "ada");
    Instant expired = stack.clock.instant().plus(UNTIL_EXPIRED);
    instance
        .sql()
        .execute(
            "update token_service.credential set refreshing_until = ?::timestamptz where id = ?",
            expired.plusSeconds(15).toString(),
            credential);
    stack.clock.advance(UNTIL_EXPIRED);
    int before = forge.tokenRequests();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Reply> lease = threads.submit(() -> instance.lease(credential));
      assertThatThrownBy(() -> lease.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(forge.tokenRequests()).isEqualTo(before);

      stack.clock.advance(Duration.ofSeconds(16));
      assertThat(lease.get().status()).isEqualTo(201);
    }
  }

  @Test
  void aCredentialInUseIsRefreshedBeforeItEnds() {
    UUID credential = stack.connect(instance, "ada");
    int before = forge.tokenRequests();
    String first = instance.lease(credential).text("authorization");

    stack.clock.advance(Duration.ofSeconds(5760 + 1));

    await().untilAsserted(() -> assertThat(forge.tokenRequests()).isEqualTo(before + 1));
    await()
        .untilAsserted(
            () -> assertThat(instance.lease(credential).text("authorization")).isNotEqualTo(first));
  }

  @Test
  void anIdleCredentialIsLeftAloneAndThenKeptAlive() {
    UUID credential = stack.connect(instance, "ada");
    int before = forge.tokenRequests();

    stack.clock.advance(Duration.ofDays(2));
    await()
        .untilAsserted(
            () ->
                assertThat(dueAt(credential))
                    .isAfter(stack.clock.instant().plus(Duration.ofDays(20))));
    assertThat(forge.tokenRequests()).isEqualTo(before);

    stack.clock.advance(Duration.ofDays(29));
    await().untilAsserted(() -> assertThat(forge.tokenRequests()).isEqualTo(before + 1));
  }

  @Test
  void anOutageLeavesTheCredentialHealthy() {
    UUID credential = stack.connect(instance, "ada");
    forge.breakTokenEndpoint(new JsonObject().put("kind", "status").put("status", 503));
    stack.clock.advance(UNTIL_EXPIRED);

    Reply refused = instance.lease(credential);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(instance.state(credential)).isEqualTo("healthy");

    forge.mend();
    stack.clock.advance(UNTIL_THE_NEXT_TRY);
    await().untilAsserted(() -> assertThat(instance.lease(credential).status()).isEqualTo(201));
  }

  @Test
  void whatIsLeftOfATokenIsLentWhileTheForgeIsAway() {
    UUID credential = stack.connect(instance, "ada");
    forge.breakTokenEndpoint(new JsonObject().put("kind", "status").put("status", 503));
    stack.clock.advance(Duration.ofSeconds(7200 - 30));

    Reply lease = instance.lease(credential);

    assertThat(lease.status()).isEqualTo(201);
    assertThat(forge.statusOf(lease.text("authorization"), "/2.0/user")).isEqualTo(200);
  }

  @Test
  void aLostAnswerIsMadeGoodWithinTheGrace() {
    UUID credential = stack.connect(instance, "ada");
    forge.breakTokenEndpoint(new JsonObject().put("kind", "lost-response").put("times", 1));
    stack.clock.advance(UNTIL_EXPIRED);

    assertThat(instance.lease(credential).status()).isEqualTo(503);

    stack.clock.advance(Duration.ofMinutes(3));
    await().untilAsserted(() -> assertThat(instance.lease(credential).status()).isEqualTo(201));
    assertThat(instance.state(credential)).isEqualTo("healthy");
  }

  @Test
  void garbageIsNoRefusal() {
    UUID credential = stack.connect(instance, "ada");
    forge.breakTokenEndpoint(new JsonObject().put("kind", "garbage").put("times", 1));
    stack.clock.advance(UNTIL_EXPIRED);

    assertThat(instance.lease(credential).status()).isEqualTo(503);
    assertThat(instance.state(credential)).isEqualTo("healthy");
  }

  @Test
  void aWithdrawnGrantIsUnclearFirstAndEndsAtTheSecondRefusal() {
    UUID credential = stack.connect(instance, "ada");
    forge.setting("revokeGrant", "ada");
    stack.clock.advance(UNTIL_EXPIRED);

    assertThat(instance.lease(credential).status()).isEqualTo(503);
    assertThat(instance.state(credential)).isEqualTo("unclear");
    int tries = forge.tokenRequests();
    assertThat(instance.lease(credential).status()).isEqualTo(503);
    assertThat(forge.tokenRequests()).isEqualTo(tries);

    stack.clock.advance(UNTIL_THE_NEXT_TRY);
    await()
        .untilAsserted(
            () -> assertThat(instance.state(credential)).isEqualTo("needs-authorization"));
    // Once more itself, and before that the client for itself.
    assertThat(forge.tokenRequests()).isEqualTo(tries + 2);
    Reply lease = instance.lease(credential);
    assertThat(lease.status()).isEqualTo(409);
    assertThat(lease.text("detail")).contains("Authorize Bitbucket again");
  }

  @Test
  void authorizingAgainRepairsTheCredential() {
    UUID credential = stack.connect(instance, "ada");
    forge.setting("revokeGrant", "ada");
    stack.clock.advance(UNTIL_EXPIRED);
    instance.lease(credential);

    Reply again = instance.exchange(forge.authorize("ada"));

    assertThat(again.id()).isEqualTo(credential);
    assertThat(again.text("state")).isEqualTo("healthy");
    assertThat(again.json().containsKey("reason")).isFalse();
    assertThat(instance.lease(credential).status()).isEqualTo(201);
  }

  @Test
  void aLockoutCausedByOneEndsOnlyThatOne() {
    UUID dead = stack.connect(instance, "ada");
    UUID alive = stack.connect(instance, "bo");
    forge.setting("revokeGrant", "ada");
    // What a lockout looks like: everybody's refreshes are refused for minutes.
    forge.breakTokenEndpoint(
        new JsonObject()
            .put("kind", "status")
            .put("status", 400)
            .put(
                "body",
                "{\"error\":\"unauthorized_client\",\"error_description\":\"Invalid OAuth client"
                    + " credentials\"}"));
    stack.clock.advance(UNTIL_EXPIRED);
    instance.lease(dead);
    instance.lease(alive);
    assertThat(List.of(instance.state(dead), instance.state(alive))).containsOnly("unclear");
    assertThat(instance.show(dead).text("reason") + instance.show(alive).text("reason"))
        .contains("may have been withdrawn, or Bitbucket refuses Cinch's OAuth client");

    forge.mend();

    await()
        .untilAsserted(
            () -> {
              stack.clock.advance(Duration.ofMinutes(1));
              assertThat(instance.state(alive)).isEqualTo("healthy");
              assertThat(instance.state(dead)).isEqualTo("needs-authorization");
            });
  }

  @Test
  void aBrokenClientEndsNobody() {
    UUID ada = stack.connect(instance, "ada");
    UUID bo = stack.connect(instance, "bo");
    instance.close();
    Instance broken = stack.start(forge.url(), "no-longer-the-client-secret");
    stack.clock.advance(UNTIL_EXPIRED);
    for (int i = 0; i < 4; i++) {
      assertThat(broken.lease(ada).status()).isEqualTo(503);
      assertThat(broken.lease(bo).status()).isEqualTo(503);
      stack.clock.advance(UNTIL_THE_NEXT_TRY);
    }

    assertThat(broken.state(ada)).isEqualTo("unclear");
    assertThat(broken.state(bo)).isEqualTo("unclear");
    assertThat(broken.show(ada).text("reason")).contains("OAuth client");
    assertThat(broken.management("/metrics").body()).contains("cinch_oauth_client_refused_total");
  }

  private Instant dueAt(UUID credential) {
    return instance
        .sql()
        .fetchSingle("select due_at from token_service.credential where id = ?", credential)
        .get(0, Instant.class);
  }
}
