package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;

/** Tokens that somebody made by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PastedTokenTest {

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @BeforeEach
  void repository() {
    stack.forge.repository("acme/app");
  }

  @AfterAll
  void close() {
    stack.close();
  }

  @Test
  void aRepositoryTokenIsTakenWithItsScopes() {
    String token = stack.forge.token("acme/app", "repository:write", "webhook");

    Reply created = instance.paste("acme/app", token);

    assertThat(created.status()).as(created.body()).isEqualTo(201);
    assertThat(created.text("kind")).isEqualTo("access-token");
    assertThat(created.json().getJsonArray("scopes"))
        .containsExactly("repository:write", "webhook");
    assertThat(created.json().getValue("account")).isNull();
    assertThat(created.body()).doesNotContain(token);
  }

  @Test
  void anAccessTokenOfAPersonIsKnownAsTheirs() {
    String token =
        stack
            .forge
            .exchange(stack.forge.authorize("ada"), SimulatedBitbucket.CALLBACK.toString())
            .text("access_token");

    Reply created = instance.paste("acme/app", token);

    assertThat(created.text("kind")).isEqualTo("access-token");
    assertThat(created.json().getJsonObject("account").getString("name")).isEqualTo("Ada Admin");
  }

  @Test
  void theSameTokenPastedAgainIsTheSameCredential() {
    String token = stack.forge.token("acme/app", "repository", "webhook");
    Reply first = instance.paste("acme/app", token);

    Reply again = instance.paste("acme/app", token);
    Reply other = instance.paste("acme/app", stack.forge.token("acme/app", "repository"));

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(other.status()).isEqualTo(201);
    assertThat(other.id()).isNotEqualTo(first.id());
  }

  @Test
  void itIsLentAsItIsForEver() {
    String token = stack.forge.token("acme/app", "repository");
    Reply created = instance.paste("acme/app", token);
    stack.clock.advance(Duration.ofDays(200));

    Reply lease = instance.lease(created.id());

    assertThat(lease.text("authorization")).isEqualTo("Bearer " + token);
    assertThat(lease.json().getValue("expiresAt")).isNull();
    assertThat(lease.text("identity")).isEqualTo("token " + created.id());
  }

  @Test
  void forGitItIsTheSameLeaseInTheFormThatGitTakes() {
    String token = stack.forge.token("acme/app", "repository");
    Reply created = instance.paste("acme/app", token);

    Reply lease = instance.gitLease(created.id());

    assertThat(lease.text("authorization")).isEqualTo(basic("x-token-auth", token));
    assertThat(lease.text("leaseId")).isEqualTo(instance.lease(created.id()).text("leaseId"));
  }

  @Test
  void aLeaseForSomethingElseIsRefused() {
    Reply created =
        instance.paste("acme/app", stack.forge.token("acme/app", "repository", "webhook"));

    Reply lease = instance.lease(created.id(), new JsonObject().put("use", "ssh"));

    assertThat(lease.status()).isEqualTo(400);
    assertThat(lease.body()).contains("field 'use' is neither 'api' nor 'git'");
  }

  private static String basic(String name, String token) {
    byte[] pair = (name + ":" + token).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Test
  void anApiTokenIsUsedWithItsEmail() {
    String basic = "Basic am9AZXhhbXBsZS5jb206QVRBVFQtdG9rZW4=";
    try (TokenOnlyForge forge = new TokenOnlyForge(basic)) {
      Instance other = stack.start(forge.url(), SimulatedBitbucket.CLIENT_SECRET);

      Reply created =
          other.ingress(
              "POST",
              "/v1/credentials",
              new JsonObject()
                  .put("kind", "token")
                  .put("forge", "bitbucket-cloud")
                  .put("fullName", "acme/app")
                  .put("email", "jo@example.com")
                  .put("token", "ATATT-token"));

      assertThat(created.status()).as(created.body()).isEqualTo(201);
      assertThat(created.text("kind")).isEqualTo("api-token");
      assertThat(created.json().getJsonArray("scopes"))
          .containsExactly("read:repository:bitbucket");
      assertThat(other.lease(created.id()).text("authorization")).isEqualTo(basic);
      assertThat(other.gitLease(created.id()).text("authorization"))
          .isEqualTo(basic("x-bitbucket-api-token-auth", "ATATT-token"));
    }
  }

  /** Its hooks do not answer under the former name: what it may do is asked by the new one. */
  @Test
  void aTokenPastedUnderAFormerNameMayDoAllItMay() {
    stack.forge.repository("acme/former");
    stack.forge.person("vera", "acme/former", "admin");
    String token =
        stack.forge.apiToken(
            "vera",
            "vera@example.com",
            "read:user:bitbucket",
            "read:workspace:bitbucket",
            "read:repository:bitbucket",
            "read:webhook:bitbucket");
    stack.forge.rename("acme/former", "acme/latter", true);

    Reply created = instance.paste("acme/former", token, "vera@example.com");
    Reply again = instance.paste("acme/latter", token, "vera@example.com");

    assertThat(created.status()).as(created.body()).isEqualTo(201);
    assertThat(created.json().getJsonArray("scopes"))
        .containsExactlyInAnyOrder("read:repository:bitbucket", "read:webhook:bitbucket");
    assertThat(again.id()).isEqualTo(created.id());
  }

  @Test
  void aTokenThatIsNoneIsToldWhichKindsThereAre() {
    Reply refused = instance.paste("acme/app", "ATCTT-not-a-token");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail"))
        .contains("API token", "access token", "webhook", "repository:write");
    assertThat(refused.body()).doesNotContain("ATCTT-not-a-token");
  }

  @Test
  void anAppPasswordIsToldWhatItIs() {
    Reply refused = instance.paste("acme/app", "ATBBx7Yz");

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail")).contains("app password");
  }

  @Test
  void aTokenOfAnotherRepositoryIsRefused() {
    stack.forge.repository("acme/other");
    String token = stack.forge.token("acme/other", "repository");

    Reply refused = instance.paste("acme/app", token);

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail")).contains("acme/app");
  }

  @Test
  void aTokenThatMayNotReadIsToldWhatItLacks() {
    String token = stack.forge.token("acme/app", "webhook");

    Reply refused = instance.paste("acme/app", token);

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail")).contains("it needs the scope repository and has webhook");
  }

  @Test
  void anotherForgeIsNotKnownYet() {
    Reply refused =
        instance.ingress(
            "POST",
            "/v1/credentials",
            new JsonObject()
                .put("kind", "token")
                .put("forge", "elsewhere")
                .put("fullName", "acme/app")
                .put("token", "x"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("detail")).contains("bitbucket-cloud");
  }
}
