package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.Reply;

/** Cinch has given up, and a person has not. */
class TryOnceMoreTest {

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void whatBitbucketHasMendedIsHealthyAgainWithoutANewAuthorization() {
    UUID credential = stack.connect(instance, "ada");
    stack.forge.breakTokenEndpoint(
        new JsonObject()
            .put("kind", "status")
            .put("status", 400)
            .put("body", "{\"error\":\"invalid_grant\",\"error_description\":\"No such token\"}"));
    end(credential);
    stack.forge.mend();
    stack.clock.advance(Duration.ofHours(1));
    assertThat(instance.lease(credential).status()).as("nobody tries by itself").isEqualTo(409);

    assertThat(instance.tryOnceMore(credential).status()).isEqualTo(202);

    await().untilAsserted(() -> assertThat(instance.state(credential)).isEqualTo("healthy"));
    assertThat(instance.lease(credential).status()).isEqualTo(201);
  }

  @Test
  void whatIsStillDeadIsTriedOnceAndEndsAgain() {
    UUID credential = stack.connect(instance, "ada");
    stack.forge.setting("revokeGrant", "ada");
    end(credential);
    int before = stack.forge.refreshes("ada").requests();
    stack.clock.advance(Duration.ofHours(1));

    instance.tryOnceMore(credential);

    await()
        .untilAsserted(
            () -> assertThat(stack.forge.refreshes("ada").requests()).isEqualTo(before + 1));
    await()
        .untilAsserted(
            () -> assertThat(instance.state(credential)).isEqualTo("needs-authorization"));
    stack.clock.advance(Duration.ofHours(1));
    instance.wake();
    assertThat(instance.lease(credential).status()).isEqualTo(409);
    assertThat(stack.forge.refreshes("ada").requests()).isEqualTo(before + 1);
  }

  @Test
  void thereIsNothingToTryWhereAllIsWellOrNothingCanBeRefreshed() {
    UUID healthy = stack.connect(instance, "ada");
    stack.forge.repository("acme/app");
    UUID pasted = instance.paste("acme/app", stack.forge.token("acme/app", "repository")).id();

    assertThat(instance.tryOnceMore(healthy).status()).isEqualTo(409);
    assertThat(instance.tryOnceMore(pasted).text("detail")).contains("cannot be refreshed");
    instance.erase(healthy);
    assertThat(instance.tryOnceMore(healthy).text("detail")).contains("erased");
    assertThat(instance.tryOnceMore(UUID.randomUUID()).status()).isEqualTo(404);
  }

  @Test
  void onlyPeopleMayAsk() {
    UUID credential = stack.connect(instance, "ada");

    Reply refused =
        instance.worker("POST", "/v1/credentials/" + credential + "/tries", new JsonObject());

    assertThat(refused.status()).isEqualTo(403);
  }

  private void end(UUID credential) {
    stack.clock.advance(Duration.ofHours(3));
    instance.lease(credential);
    stack.clock.advance(Duration.ofMinutes(8));
    instance.wake();
    await()
        .untilAsserted(
            () -> assertThat(instance.state(credential)).isEqualTo("needs-authorization"));
  }
}
