package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.SimulatedBitbucket;

/** Whatever Bitbucket does for an hour: who is to authorize again in the end, and who is not. */
class OutageTest {

  private static final int GRANTS = Scale.of(5, 1000);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration STEP = Duration.ofMinutes(Scale.of(20, 5));
  private static final int LONGEST_MINUTES = 600;

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();
  private final Instance other = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  static Stream<Arguments> outages() {
    return Stream.of(
        Arguments.of("503", fault("status").put("status", 503)),
        Arguments.of("500 with a page", fault("status").put("status", 500).put("body", "<html>")),
        Arguments.of("404 to everything", fault("status").put("status", 404)),
        Arguments.of("429", fault("status").put("status", 429)),
        Arguments.of("resets", fault("reset")),
        Arguments.of("200 with a page", fault("status").put("status", 200).put("body", "<html>")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outages")
  void anHoursOutageEndsWithEverybodyHealthy(String what, JsonObject fault) {
    List<UUID> credentials = connect(GRANTS);
    stack.forge.breakTokenEndpoint(fault);
    stack.clock.advance(Duration.ofMinutes(95));
    for (Duration gone = Duration.ZERO; gone.compareTo(HOUR) < 0; gone = gone.plus(STEP)) {
      passes(STEP);
    }
    assertThat(states(credentials)).containsOnlyKeys("healthy");

    stack.forge.mend();

    until(() -> refreshed(credentials));
    assertThat(states(credentials)).isEqualTo(Map.of("healthy", (long) GRANTS));
    credentials.stream()
        .limit(5)
        .forEach(credential -> assertThat(instance.lease(credential).status()).isEqualTo(201));
    Proof.of("An hour's outage: " + what)
        .that("%d credentials whose tokens end meanwhile, two instances".formatted(GRANTS))
        .figure("healthy in the end", states(credentials).getOrDefault("healthy", 0L))
        .written();
  }

  /** Where refreshes happen and nobody hears of it, only the old tokens' ten minutes help. */
  @ParameterizedTest
  @ValueSource(strings = {"lost-response", "garbage"})
  void lostAnswersAreHadAgainWithinTheGrace(String fault) {
    List<UUID> credentials = connect(5);
    stack.forge.breakTokenEndpoint(fault(fault).put("times", 20));

    stack.clock.advance(Duration.ofMinutes(95));
    until(() -> refreshed(credentials));

    assertThat(states(credentials)).containsOnlyKeys("healthy");
    assertThat(stack.forge.refreshes().total().repeated()).isPositive();
    assertThat(stack.forge.refreshes().total().reused()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLockoutCausedByOneReusedTokenEndsOnlyThatOne(boolean holdsClientCredentials) {
    stack.forge.setting("lockoutSeconds", 300);
    stack.forge.setting("lockoutHoldsClientCredentials", holdsClientCredentials);
    List<UUID> healthy = connect(GRANTS);
    UUID reused = stack.connect(instance, "reused");
    byte[] old = refreshSecret(reused);
    stack.clock.advance(Duration.ofMinutes(95));
    until(() -> refreshed(List.of(reused)));
    stack.clock.advance(Duration.ofMinutes(11));
    instance
        .sql()
        .execute(
            "update token_service.credential set refresh_secret = ?, due_at = now() where id = ?",
            old,
            reused);
    instance.sql().execute("select pg_notify('cinch_token_service', ?)", reused.toString());
    stack.clock.advance(Duration.ofMinutes(85));

    until(() -> state(reused).equals("needs-authorization") && refreshed(healthy));

    assertThat(stack.forge.refreshes("reused").reused()).isEqualTo(2);
    passes(Duration.ofMinutes(20));
    until(() -> states(healthy).equals(Map.of("healthy", (long) GRANTS)));
    assertThat(announcedAsOver()).isEqualTo(1);
    Proof.of(
            "A lockout caused by a reused token (client credentials %s)"
                .formatted(holdsClientCredentials ? "refused too" : "still taken"))
        .that("One credential whose refresh token was used before, beside %d".formatted(GRANTS))
        .figure("tries of the reused token", stack.forge.refreshes("reused").reused())
        .figure("to be authorized again in the end", over())
        .figure("healthy in the end", states(healthy).getOrDefault("healthy", 0L))
        .written();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unauthenticated", "invalid-client", "invalid-credentials"})
  void aBrokenClientEndsNobody(String how) {
    List<UUID> credentials = connect(GRANTS);
    stack.forge.setting("client", how);
    stack.clock.advance(Duration.ofMinutes(95));
    for (Duration gone = Duration.ZERO; gone.compareTo(HOUR) < 0; gone = gone.plus(STEP)) {
      passes(STEP);
    }

    assertThat(states(credentials).keySet()).isSubsetOf("healthy", "unclear");
    assertThat(instance.management("/metrics").body() + other.management("/metrics").body())
        .contains("cinch_oauth_client_trouble 2.0");
    assertThat(stack.forge.refreshes().accounts().values())
        .as("nobody's token is tried again and again")
        .allSatisfy(count -> assertThat(count.requests()).isLessThanOrEqualTo(2));
    stack.forge.setting("client", "accepted");
    until(() -> refreshed(credentials));
    assertThat(states(credentials)).isEqualTo(Map.of("healthy", (long) GRANTS));
    assertThat(announcedAsOver()).isZero();
    Proof.of("A broken OAuth client for an hour: " + how)
        .that("%d credentials whose tokens end meanwhile, two instances".formatted(GRANTS))
        .figure("to be authorized again in the end", over())
        .figure(
            "healthy once the client is mended", states(credentials).getOrDefault("healthy", 0L))
        .written();
  }

  @Test
  void aRevokedGrantEndsAloneAndIsTriedTwice() {
    List<UUID> healthy = connect(GRANTS);
    UUID revoked = stack.connect(instance, "revoked");
    stack.forge.setting("revokeGrant", "revoked");
    stack.clock.advance(Duration.ofMinutes(95));

    until(() -> state(revoked).equals("needs-authorization") && refreshed(healthy));

    assertThat(stack.forge.refreshes("revoked").requests()).isEqualTo(2);
    assertThat(states(healthy)).isEqualTo(Map.of("healthy", (long) GRANTS));
    assertThat(announcedAsOver()).isEqualTo(1);
    passes(Duration.ofHours(5));
    assertThat(stack.forge.refreshes("revoked").requests()).isEqualTo(2);
    assertThat(
            count(
                "exists (select from token_service.oauth_client where refused_at is null and"
                    + " client_id = ?)",
                SimulatedBitbucket.CLIENT_ID))
        .as("refreshes go side by side again")
        .isPositive();
    Proof.of("A revoked grant")
        .that("One of %d".formatted(GRANTS + 1))
        .figure("refresh requests for it", stack.forge.refreshes("revoked").requests())
        .figure("to be authorized again in the end", over())
        .figure("healthy in the end", states(healthy).getOrDefault("healthy", 0L))
        .written();
  }

  @Test
  void ofTwoThatAreRefusedAloneEachEndsAfterTwoTries() {
    UUID one = stack.connect(instance, "one");
    UUID two = stack.connect(instance, "two");
    stack.forge.setting("revokeGrant", "one");
    stack.forge.setting("revokeGrant", "two");
    stack.clock.advance(Duration.ofMinutes(95));

    until(() -> states(List.of(one, two)).equals(Map.of("needs-authorization", 2L)));

    assertThat(stack.forge.refreshes("one").requests()).isEqualTo(2);
    assertThat(stack.forge.refreshes("two").requests()).isEqualTo(2);
  }

  @Test
  void afterOneRefusalRefreshesGoOneAtATime() {
    List<UUID> healthy = connect(20);
    UUID revoked = stack.connect(instance, "revoked");
    stack.forge.setting("revokeGrant", "revoked");
    stack.clock.advance(Duration.ofHours(3));
    assertThat(instance.lease(revoked).status()).isEqualTo(503);
    stack.forge.breakTokenEndpoint(fault("status").put("status", 503).put("times", 60));
    stack.forge.breakTokenEndpoint(fault("latency").put("ms", 50));

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      healthy.forEach(
          credential -> {
            threads.execute(() -> instance.lease(credential));
            threads.execute(() -> other.lease(credential));
          });
    }

    assertThat(stack.forge.refreshes().mostAtOnce()).isOne();
  }

  @Test
  void whatCannotBeToldIsUnclearAndNamesBothAndWaitsForAPerson() {
    UUID credential = stack.connect(instance, "ada");
    stack.forge.setting("revokeGrant", "ada");
    stack.forge.setting("clientIsPrivate", true);
    // Bitbucket says nothing of the client either way, only that the refresh is refused.
    stack.forge.breakTokenEndpoint(
        fault("status")
            .put("status", 400)
            .put("body", "{\"error\":\"unauthorized_client\",\"error_description\":\"No.\"}"));
    stack.clock.advance(Duration.ofHours(3));
    instance.lease(credential);

    passes(Duration.ofHours(2));

    assertThat(state(credential)).isEqualTo("unclear");
    assertThat(instance.show(credential).text("reason"))
        .contains("withdrawn")
        .contains("OAuth client");
    stack.forge.mend();
    stack.forge.setting("client", "accepted");
    assertThat(instance.tryOnceMore(credential).status()).isEqualTo(202);
    until(() -> state(credential).equals("needs-authorization"));
  }

  private static JsonObject fault(String kind) {
    return new JsonObject().put("kind", kind);
  }

  private List<UUID> connect(int people) {
    return IntStream.range(0, people)
        .mapToObj(i -> instance.exchange(stack.forge.grant("person-" + i)).id())
        .toList();
  }

  /** As when nobody looks: the instances are left to do what is due by then. */
  private void passes(Duration span) {
    stack.clock.advance(span);
    instance.wake();
    other.wake();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMinutes(2))
        .until(() -> isBudgetEmpty() || isNoneDue());
  }

  private boolean isNoneDue() {
    return count("due_at <= ?::timestamptz", stack.clock.instant().toString()) == 0;
  }

  /** After 429, what is due stays due until there may be requests again. */
  private boolean isBudgetEmpty() {
    return instance
            .sql()
            .fetchSingle(
                "select count(*) from service.request_budget where available < 1"
                    + " and counted_at > ?::timestamptz",
                stack.clock.instant().toString())
            .get(0, Long.class)
        > 0;
  }

  /** Minutes go by until it holds. */
  private void until(BooleanSupplier holds) {
    for (int i = 0; i < LONGEST_MINUTES && !holds.getAsBoolean(); i++) {
      passes(Duration.ofMinutes(1));
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  private boolean refreshed(List<UUID> credentials) {
    return count("token_version > 1 and id = any(?)", (Object) ids(credentials))
        == credentials.size();
  }

  private Map<String, Long> states(List<UUID> credentials) {
    return instance
        .sql()
        .fetch(
            "select state, count(*) from token_service.credential where id = any(?) group by state",
            (Object) ids(credentials))
        .intoMap(row -> row.get(0, String.class), row -> row.get(1, Long.class));
  }

  /** How many have to be authorized again. */
  private long over() {
    return count("state = ?", "needs-authorization");
  }

  private String state(UUID credential) {
    return instance.state(credential);
  }

  private long count(String condition, Object value) {
    return instance
        .sql()
        .fetchSingle("select count(*) from token_service.credential where " + condition, value)
        .get(0, Long.class);
  }

  /** How often dashboards are told that somebody has to authorize again. */
  private long announcedAsOver() {
    await()
        .until(
            () ->
                instance.sql().fetchSingle("select count(*) from service.outbox").get(0, Long.class)
                    == 0);
    Set<UUID> mine =
        Set.copyOf(
            instance
                .sql()
                .fetch("select id from token_service.credential")
                .getValues(0, UUID.class));
    return Backends.events().stream()
        .filter(event -> mine.contains(event.credentialId()))
        .filter(event -> event.state() == State.NEEDS_AUTHORIZATION)
        .count();
  }

  private byte[] refreshSecret(UUID credential) {
    return instance
        .sql()
        .fetchSingle("select refresh_secret from token_service.credential where id = ?", credential)
        .get(0, byte[].class);
  }

  private static UUID[] ids(List<UUID> credentials) {
    return credentials.toArray(UUID[]::new);
  }
}
