package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;

/** A worker saw 401. */
class RejectionTest {

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void aTrueRejectionLeadsToOneRefresh() {
    UUID credential = stack.connect(instance, "ada");
    stack.clock.advance(Duration.ofMinutes(10));
    Reply rejected = instance.lease(credential);
    int before = stack.forge.tokenRequests();

    assertThat(instance.reject(credential, rejected).status()).isEqualTo(204);

    Reply lease = instance.lease(credential);
    assertThat(lease.text("authorization")).isNotEqualTo(rejected.text("authorization"));
    instance.lease(credential);
    assertThat(stack.forge.tokenRequests()).isEqualTo(before + 1);
    assertThat(instance.state(credential)).isEqualTo("healthy");
  }

  @Test
  void aStaleRejectionChangesNothing() {
    UUID credential = stack.connect(instance, "ada");
    stack.clock.advance(Duration.ofMinutes(10));
    Reply old = instance.lease(credential);
    instance.reject(credential, old);
    Reply current = instance.lease(credential);
    stack.clock.advance(Duration.ofMinutes(10));
    int before = stack.forge.tokenRequests();

    assertThat(instance.reject(credential, old).status()).isEqualTo(204);

    assertThat(instance.lease(credential).json()).isEqualTo(current.json());
    assertThat(stack.forge.tokenRequests()).isEqualTo(before);
  }

  @Test
  void aTokenRefusedRightAfterItWasMadeIsReportedAndNotReplaced() {
    UUID credential = stack.connect(instance, "ada");
    Reply lease = instance.lease(credential);
    int before = stack.forge.tokenRequests();

    instance.reject(credential, lease);
    stack.clock.advance(Duration.ofMinutes(5));
    instance.reject(credential, lease);

    assertThat(instance.state(credential)).isEqualTo("unclear");
    assertThat(instance.show(credential).text("reason")).contains("just made");
    assertThat(instance.lease(credential).json()).isEqualTo(lease.json());
    assertThat(stack.forge.tokenRequests()).isEqualTo(before);
  }

  @Test
  void theNextRefreshClearsWhatWasOdd() {
    UUID credential = stack.connect(instance, "ada");
    instance.reject(credential, instance.lease(credential));

    stack.clock.advance(Duration.ofHours(3));
    instance.lease(credential);

    await().untilAsserted(() -> assertThat(instance.state(credential)).isEqualTo("healthy"));
  }

  @Test
  void aRejectedTokenOfAWithdrawnGrantIsNotLentAgain() {
    UUID credential = stack.connect(instance, "ada");
    stack.clock.advance(Duration.ofMinutes(10));
    Reply lease = instance.lease(credential);
    stack.forge.setting("revokeGrant", "ada");

    instance.reject(credential, lease);

    assertThat(instance.lease(credential).status()).isEqualTo(503);
    assertThat(instance.state(credential)).isEqualTo("unclear");
  }

  @Test
  void aPastedTokenThatStillWorksIsKept() {
    stack.forge.repository("acme/app");
    Reply created = instance.paste("acme/app", stack.forge.token("acme/app", "repository"));

    instance.reject(created.id(), instance.lease(created.id()));

    assertThat(instance.state(created.id())).isEqualTo("healthy");
  }

  @Test
  void aPastedTokenThatTheForgeRefusesNeedsAPerson() {
    try (TokenOnlyForge forge = new TokenOnlyForge("Bearer ATCTT-token")) {
      Instance other = stack.start(forge.url(), SimulatedBitbucket.CLIENT_SECRET);
      Reply created = other.paste("acme/app", "ATCTT-token");
      Reply lease = other.lease(created.id());
      forge.revoke();

      other.reject(created.id(), lease);

      assertThat(other.state(created.id())).isEqualTo("needs-authorization");
      assertThat(other.lease(created.id()).text("detail")).contains("Make a new one");
    }
  }

  @Test
  void aLeaseOfAnUnknownCredentialIsUnknown() {
    Reply lease = instance.lease(stack.connect(instance, "ada"));

    assertThat(instance.reject(UUID.randomUUID(), lease).status()).isEqualTo(404);
  }
}
