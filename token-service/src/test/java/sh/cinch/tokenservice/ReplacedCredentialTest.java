package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;

/** Another credential has taken the place of one, which finishes what it began and nothing else. */
class ReplacedCredentialTest {

  private static final Duration DAY = Duration.ofDays(1);

  /** Longer than any access token of an OAuth grant lasts. */
  private static final Duration UNTIL_EXPIRED = Duration.ofHours(3);

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void itIsLentToTheStatusWorkerAloneAndErasedAfterADay() {
    UUID credential = paste();
    Instant until = stack.clock.instant().plus(DAY).truncatedTo(ChronoUnit.MILLIS);
    replaced(credential, until);

    Reply lease = instance.lease(credential);
    assertThat(lease.status()).isEqualTo(201);
    assertThat(Instant.parse(lease.text("expiresAt"))).isEqualTo(until);
    Reply other = leaseOfTheIngress(credential);
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.text("detail")).isEqualTo("another credential took its place");
    assertThat(leaseOfTheReleaseWorker(credential).status()).isEqualTo(409);
    assertThat(instance.state(credential)).isEqualTo("revoked");
    assertThat(isErased(credential)).isFalse();

    stack.clock.advance(DAY.plusSeconds(1));
    assertThat(instance.lease(credential).status()).isEqualTo(409);
    instance.wake();
    awaitErased(credential);
    assertThat(states(credential)).containsExactly(State.HEALTHY, State.REVOKED);
  }

  @Test
  void itIsRefreshedOnlyForWhoeverNeedsIt() {
    UUID credential = stack.connect(instance, "ada");
    replaced(credential, stack.clock.instant().plus(DAY));
    stack.clock.advance(UNTIL_EXPIRED);
    // One that is refreshed ahead shows that there was time to.
    UUID healthy = stack.connect(instance, "bo");
    instance.lease(healthy);
    stack.clock.advance(UNTIL_EXPIRED);
    instance.wake();
    await().untilAsserted(() -> assertThat(stack.forge.refreshes("bo").requests()).isEqualTo(1));
    assertThat(stack.forge.refreshes("ada").requests()).isZero();

    assertThat(instance.lease(credential).status()).isEqualTo(201);
    assertThat(stack.forge.refreshes("ada").requests()).isEqualTo(1);
    assertThat(leaseOfTheIngress(credential).status()).isEqualTo(409);
    stack.clock.advance(UNTIL_EXPIRED);
    instance.wake();
    assertThat(instance.lease(healthy).status()).isEqualTo(201);
    assertThat(stack.forge.refreshes("ada").requests()).isEqualTo(1);
    assertThat(states(credential)).containsExactly(State.HEALTHY, State.REVOKED);

    stack.clock.advance(DAY);
    instance.wake();
    awaitErased(credential);
  }

  @Test
  void whoeverWaitsForOneThatIsReplacedMeanwhileIsToldSo() throws Exception {
    UUID credential = stack.connect(instance, "ada");
    stack.forge.breakTokenEndpoint(new JsonObject().put("kind", "latency").put("ms", 1_000));
    stack.clock.advance(UNTIL_EXPIRED);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Reply> releaseWorker = threads.submit(() -> leaseOfTheReleaseWorker(credential));
      Future<Reply> statusWorker = threads.submit(() -> instance.lease(credential));
      await().until(() -> isBeingRefreshed(credential));
      replaced(credential, stack.clock.instant().plus(DAY));
      assertThat(releaseWorker.get().status()).isEqualTo(409);
      assertThat(releaseWorker.get().text("detail")).contains("another credential took its place");
      assertThat(statusWorker.get().status()).isEqualTo(201);
    }
  }

  /** It neither waits for the budget of refreshes nor takes from it. */
  @Test
  void anOverdueOneIsErasedThoughNothingMayBeRefreshed() {
    UUID credential = stack.connect(instance, "ada");
    replaced(credential, stack.clock.instant().plus(DAY));
    instance
        .sql()
        .execute(
            "insert into service.request_budget values (?, 'token', 0, ?::timestamptz)"
                + " on conflict (identity, pool) do update"
                + " set available = 0, counted_at = excluded.counted_at",
            "client " + SimulatedBitbucket.CLIENT_ID,
            stack.clock.instant().plus(DAY.multipliedBy(2)).toString());
    stack.clock.advance(DAY.plusSeconds(1));
    instance.wake();
    awaitErased(credential);
  }

  @Test
  void itOutlivesAnOutageOfTheForge() {
    UUID credential = stack.connect(instance, "ada");
    replaced(credential, stack.clock.instant().plus(DAY));
    stack.clock.advance(UNTIL_EXPIRED);
    stack.forge.breakTokenEndpoint(
        new JsonObject().put("kind", "status").put("status", 503).put("times", 1));
    assertThat(instance.lease(credential).status()).isEqualTo(503);
    stack.clock.advance(Duration.ofMinutes(3));
    await().untilAsserted(() -> assertThat(instance.lease(credential).status()).isEqualTo(201));
    assertThat(instance.state(credential)).isEqualTo("revoked");
  }

  @Test
  void aRefusedGrantIsErasedAtOnce() {
    UUID credential = stack.connect(instance, "ada");
    replaced(credential, stack.clock.instant().plus(DAY));
    stack.forge.setting("revokeGrant", "ada");
    stack.clock.advance(UNTIL_EXPIRED);
    assertThat(instance.lease(credential).status()).isEqualTo(409);
    assertThat(isErased(credential)).isTrue();
    assertThat(states(credential)).containsExactly(State.HEALTHY, State.REVOKED);
  }

  @Test
  void aRefusedTokenIsErasedAtOnce() {
    UUID credential = paste();
    replaced(credential, stack.clock.instant().plus(DAY));
    Reply lease = instance.lease(credential);
    assertThat(instance.reject(credential, lease).status()).isEqualTo(204);
    assertThat(isErased(credential)).as("the forge takes it").isFalse();

    stack.forge.control("DELETE", "/repositories/acme/app/tokens", new JsonObject());
    assertThat(instance.reject(credential, lease).status()).isEqualTo(204);
    assertThat(isErased(credential)).isTrue();
    assertThat(instance.lease(credential).status()).isEqualTo(409);
  }

  @Test
  void oneThatNeedsAuthorizationIsNotKept() {
    UUID credential = paste();
    Reply lease = instance.lease(credential);
    stack.forge.control("DELETE", "/repositories/acme/app/tokens", new JsonObject());
    instance.reject(credential, lease);
    assertThat(instance.state(credential)).isEqualTo("needs-authorization");
    replaced(credential, stack.clock.instant().plus(DAY));
    assertThat(isErased(credential)).isTrue();
  }

  @Test
  void disconnectingErasesItAtOnce() {
    UUID credential = paste();
    replaced(credential, stack.clock.instant().plus(DAY));
    assertThat(instance.erase(credential).status()).isEqualTo(204);
    assertThat(isErased(credential)).isTrue();
    assertThat(instance.lease(credential).status()).isEqualTo(409);
    replaced(credential, stack.clock.instant().plus(DAY));
    assertThat(instance.state(credential)).isEqualTo("revoked");
  }

  @Test
  void storedAgainItIsAsAnyOther() {
    UUID credential = stack.connect(instance, "ada");
    replaced(credential, stack.clock.instant().plus(DAY));
    assertThat(instance.exchange(stack.forge.authorize("ada")).id()).isEqualTo(credential);
    assertThat(instance.state(credential)).isEqualTo("healthy");
    assertThat(leaseOfTheIngress(credential).status()).isEqualTo(201);

    stack.clock.advance(DAY.plusHours(1));
    instance.wake();
    assertThat(leaseOfTheIngress(credential).status()).isEqualTo(201);
    assertThat(instance.state(credential)).isEqualTo("healthy");
  }

  /** The word of its replacement is late, and somebody is about to connect with it again. */
  @Test
  void pastedAfterItWasReplacedItIsLeftAsItIs() {
    stack.forge.repository("acme/app");
    String token = stack.forge.token("acme/app", "repository");
    UUID credential = instance.paste("acme/app", token).id();
    Instant until = stack.clock.instant().plus(DAY);
    stack.clock.advance(Duration.ofMinutes(1));
    assertThat(instance.paste("acme/app", token).id()).isEqualTo(credential);
    replaced(credential, until);
    assertThat(instance.state(credential)).isEqualTo("healthy");
    assertThat(leaseOfTheIngress(credential).status()).isEqualTo(201);
  }

  @Test
  void itIsKeptADayAtMost() {
    UUID credential = paste();
    replaced(credential, stack.clock.instant().plus(Duration.ofDays(30)));
    assertThat(Instant.parse(instance.lease(credential).text("expiresAt")))
        .isBetween(
            stack.clock.instant().plus(DAY).minusSeconds(60), stack.clock.instant().plus(DAY));
    UUID past = paste();
    stack.clock.advance(DAY);
    replaced(past, stack.clock.instant());
    assertThat(isErased(past)).isTrue();
  }

  @Test
  void onlyTheIngressSaysWhatIsReplaced() {
    UUID credential = paste();
    String path = "/v1/credentials/" + credential + "/replacements";
    assertThat(instance.worker("POST", path, new JsonObject()).status()).isEqualTo(403);
    Reply malformed = instance.ingress("POST", path, new JsonObject());
    assertThat(malformed.status()).isEqualTo(400);
    assertThat(malformed.text("detail")).contains("keptUntil");
    assertThat(instance.state(credential)).isEqualTo("healthy");
  }

  private UUID paste() {
    stack.forge.repository("acme/app");
    return instance.paste("acme/app", stack.forge.token("acme/app", "repository")).id();
  }

  private void replaced(UUID credential, Instant until) {
    assertThat(
            instance
                .ingress(
                    "POST",
                    "/v1/credentials/" + credential + "/replacements",
                    new JsonObject().put("keptUntil", until.toString()))
                .status())
        .isEqualTo(204);
  }

  private Reply leaseOfTheIngress(UUID credential) {
    return instance.ingress("POST", "/v1/credentials/" + credential + "/leases", new JsonObject());
  }

  private Reply leaseOfTheReleaseWorker(UUID credential) {
    return instance.call(
        Instance.RELEASE_WORKER, "POST", "/v1/credentials/" + credential + "/leases", "{}");
  }

  private boolean isBeingRefreshed(UUID credential) {
    return instance
        .sql()
        .fetchSingle(
            "select refreshing_until is not null from token_service.credential where id = ?",
            credential)
        .get(0, Boolean.class);
  }

  private void awaitErased(UUID credential) {
    await().untilAsserted(() -> assertThat(isErased(credential)).isTrue());
  }

  /** Nothing is left that could be used. */
  private boolean isErased(UUID credential) {
    return instance
        .sql()
        .fetchSingle(
            "select coalesce(authorization_secret, refresh_secret) is null"
                + " from token_service.credential where id = ?",
            credential)
        .get(0, Boolean.class);
  }

  private static List<State> states(UUID credential) {
    await().untilAsserted(() -> assertThat(events(credential)).last().isEqualTo(State.REVOKED));
    return events(credential);
  }

  private static List<State> events(UUID credential) {
    return Backends.events().stream()
        .filter(event -> event.credentialId().equals(credential))
        .map(CredentialEvent::state)
        .toList();
  }
}
