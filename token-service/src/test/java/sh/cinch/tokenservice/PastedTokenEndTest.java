package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.testkit.Reply;

/**
 * Bitbucket makes access tokens end; nobody can refresh them, so somebody must hear of it in time.
 */
class PastedTokenEndTest {

  private static final Duration LIFE = Duration.ofDays(30);

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();
  private final Instant end = stack.clock.instant().plus(LIFE);

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void itIsSaidTwoWeeksAheadAgainThreeDaysAheadAndInTheEnd() {
    UUID credential = paste(end.toString()).id();
    assertThat(instance.show(credential).json().containsKey("reason")).isFalse();
    assertThat(Instant.parse(instance.show(credential).text("expiresAt")))
        .isEqualTo(end.truncatedTo(ChronoUnit.MILLIS));

    stack.clock.advance(Duration.ofDays(16).plusMinutes(1));
    await()
        .untilAsserted(
            () -> assertThat(instance.show(credential).text("reason")).contains("expires on"));
    assertThat(instance.state(credential)).isEqualTo("healthy");
    assertThat(instance.lease(credential).status()).isEqualTo(201);
    assertThat(dueAt(credential)).isEqualTo(millis(end.minus(Duration.ofDays(3))));
    stack.clock.advance(Duration.ofDays(11));
    await().untilAsserted(() -> assertThat(dueAt(credential)).isEqualTo(millis(end)));

    stack.clock.advance(Duration.ofDays(3));
    await()
        .untilAsserted(
            () -> assertThat(instance.state(credential)).isEqualTo("needs-authorization"));
    assertThat(instance.show(credential).text("reason")).contains("expired on");
    assertThat(instance.lease(credential).status()).isEqualTo(409);
    await()
        .untilAsserted(
            () ->
                assertThat(events(credential))
                    .extracting(CredentialEvent::state)
                    .containsExactly(State.HEALTHY, State.HEALTHY, State.NEEDS_AUTHORIZATION));
    assertThat(events(credential).getFirst().expiresAt()).isEqualTo(millis(end));
  }

  @Test
  void oneThatEndsSoonIsWarnedOfAtOnce() {
    UUID credential = paste(stack.clock.instant().plus(Duration.ofDays(5)).toString()).id();

    await()
        .untilAsserted(
            () -> assertThat(instance.show(credential).text("reason")).contains("expires on"));
  }

  @Test
  void oneThatHasEndedIsRefused() {
    Reply refused = paste(stack.clock.instant().minusSeconds(60).toString());

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail")).contains("expired already");
  }

  @Test
  void anEndThatIsNoTimeIsRefused() {
    Reply refused = paste("next year");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("detail")).contains("expiresAt");
  }

  private Reply paste(String expiresAt) {
    stack.forge.repository("acme/app");
    return instance.ingress(
        "POST",
        "/v1/credentials",
        new JsonObject()
            .put("kind", "token")
            .put("forge", "bitbucket-cloud")
            .put("fullName", "acme/app")
            .put("token", stack.forge.token("acme/app", "repository", "webhook"))
            .put("expiresAt", expiresAt));
  }

  private Instant dueAt(UUID credential) {
    return instance
        .sql()
        .fetchSingle("select due_at from token_service.credential where id = ?", credential)
        .get(0, Instant.class);
  }

  private static List<CredentialEvent> events(UUID credential) {
    return Backends.events().stream()
        .filter(event -> event.credentialId().equals(credential))
        .toList();
  }

  /** As fine as a credential holds it. */
  private static Instant millis(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }
}
