package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;

/** From the code in the callback to a token that works. */
class OAuthRoundTripTest {

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void theCodeBecomesACredentialOfWhoeverConsented() {
    Reply created = instance.exchange(stack.forge.authorize("ada"));

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().getJsonObject("account").getString("name")).isEqualTo("Ada Admin");
    assertThat(created.json().getJsonArray("scopes"))
        .containsExactly("account", "repository", "repository:write", "webhook");
    assertThat(created.text("kind")).isEqualTo("oauth");
    assertThat(created.text("state")).isEqualTo("healthy");
    assertThat(instance.show(created.id()).json()).isEqualTo(created.json());
  }

  @Test
  void theLeaseIsTakenByTheForge() {
    UUID credential = stack.connect(instance, "ada");
    Reply lease = instance.lease(credential);

    assertThat(lease.status()).isEqualTo(201);
    assertThat(lease.text("identity")).isEqualTo("client " + SimulatedBitbucket.CLIENT_ID);
    assertThat(lease.text("account"))
        .isEqualTo(instance.show(credential).json().getJsonObject("account").getString("uuid"));
    assertThat(instance.management("/requests").body())
        .contains("\"identity\":\"client " + SimulatedBitbucket.CLIENT_ID + "\"");
    assertThat(stack.forge.statusOf(lease.text("authorization"), "/2.0/user")).isEqualTo(200);
  }

  @Test
  void authorizingAgainKeepsTheId() {
    UUID first = stack.connect(instance, "ada");
    String oldToken = instance.lease(first).text("authorization");

    Reply again = instance.exchange(stack.forge.authorize("ada"));

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.id()).isEqualTo(first);
    assertThat(instance.lease(first).text("authorization")).isNotEqualTo(oldToken);
  }

  @Test
  void anotherAccountIsAnotherCredential() {
    assertThat(stack.connect(instance, "bo")).isNotEqualTo(stack.connect(instance, "ada"));
  }

  @ParameterizedTest
  @CsvSource({"legacy,7200", "current,7200", "kept,7200", "current,0", "current,20"})
  void everyDialectCanBeRefreshedAgainAndAgain(String dialect, int seconds) {
    stack.forge.setting("dialect", dialect);
    stack.forge.setting("accessTokenSeconds", seconds);
    UUID credential = stack.connect(instance, "ada");

    for (int round = 0; round < 3; round++) {
      stack.clock.advance(Duration.ofHours(3));
      Reply lease = instance.lease(credential);
      assertThat(lease.status()).as(lease.body()).isEqualTo(201);
      assertThat(stack.forge.statusOf(lease.text("authorization"), "/2.0/user")).isEqualTo(200);
    }
  }

  @Test
  void aCodeThatIsNoneIsRefusedInWords() {
    Reply refused = instance.exchange("not-a-code");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail"))
        .contains("invalid_grant", SimulatedBitbucket.CALLBACK.toString());
  }

  @Test
  void aCodeIsGoodOnce() {
    String code = stack.forge.authorize("ada");
    instance.exchange(code);

    assertThat(instance.exchange(code).status()).isEqualTo(422);
  }

  @Test
  void aWrongClientSecretIsTheOperatorsToMend() {
    Instance wrong = stack.start(stack.forge.url(), "not-the-client-secret");

    Reply refused = wrong.exchange(stack.forge.authorize("ada"));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail")).contains("CINCH_BITBUCKET_CLIENT_SECRET");
    assertThat(wrong.management("/metrics").body()).contains("cinch_oauth_client_refused_total 1");
  }

  @Test
  void aForgeThatIsAwayIsNoRefusal() {
    String code = stack.forge.authorize("ada");
    stack.forge.breakTokenEndpoint(new JsonObject().put("kind", "status").put("status", 503));

    assertThat(instance.exchange(code).status()).isEqualTo(503);
  }
}
