package sh.cinch.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

/** What every call meets before it reaches a resource. */
class TokenTest {
  private static final String INVALID =
      "Token is invalid, expired, or not supported for this endpoint.";

  private final TestBitbucket bitbucket = TestBitbucket.start();

  @BeforeEach
  void repository() {
    bitbucket.repository("acme/app");
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  @Test
  void unknownTokenIsRefused() {
    Answer answer = bitbucket.get("/user", "made-up");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text("/type")).isEqualTo("error");
    assertThat(answer.text("/error/message")).isEqualTo(INVALID);
  }

  @Test
  void tokenCountsInTheHeaderOnly() {
    String token = bitbucket.ada();

    assertThat(bitbucket.call("GET", "/2.0/user?access_token=" + token, "").status())
        .isEqualTo(401);
    assertThat(
            bitbucket
                .call("GET", "/2.0/user", "", "Authorization", "Basic " + token)
                .text("/error/message"))
        .isEqualTo(INVALID);
    assertThat(bitbucket.call("GET", "/2.0/user", "", "Authorization", "bearer " + token).status())
        .isEqualTo(200);
  }

  @Test
  void missingScopeIsNamedInAnObject() {
    String token = bitbucket.repositoryToken("acme/app", "repository");

    Answer answer = bitbucket.get("/user", token);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("/error/message"))
        .isEqualTo("Your credentials lack one or more required privilege scopes.");
    assertThat(answer.at("/error/detail").toString())
        .isEqualTo("{\"granted\":[\"repository\"],\"required\":[\"account\"]}");
  }

  @Test
  void repositoryTokenEndsWithItsTime() {
    String token =
        bitbucket
            .control(
                "POST",
                "/repositories/acme/app/tokens",
                "{\"scopes\":[\"repository\"],\"expiresInSeconds\":60}")
            .text("/token");

    bitbucket.clock().advance(Duration.ofSeconds(59));
    Answer before = bitbucket.get("/repositories/acme/app", token);
    bitbucket.clock().advance(Duration.ofSeconds(1));
    Answer after = bitbucket.get("/repositories/acme/app", token);

    assertThat(before.status()).isEqualTo(200);
    assertThat(after.status()).isEqualTo(401);
    assertThat(after.text("/error/message")).isEqualTo(INVALID);
  }

  @Test
  void repositorysTokensCanBeRevoked() {
    bitbucket.repository("acme/other");
    String one = bitbucket.repositoryToken("acme/app", "repository");
    String second = bitbucket.repositoryToken("acme/app", "repository");
    String others = bitbucket.repositoryToken("acme/other", "repository");
    bitbucket.control("PUT", "/users/bob", "{\"permissions\":{\"acme/app\":\"admin\"}}");
    String bobs = bitbucket.grant("bob").text("/access_token");

    Answer revoked = bitbucket.control("DELETE", "/repositories/acme/app/tokens", "");

    assertThat(revoked.status()).isEqualTo(204);
    for (String token : List.of(one, second)) {
      Answer answer = bitbucket.get("/repositories/acme/app", token);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.text("/error/message")).isEqualTo(INVALID);
    }
    assertThat(bitbucket.get("/repositories/acme/other", others).status()).isEqualTo(200);
    assertThat(bitbucket.get("/repositories/acme/app", bobs).status()).isEqualTo(200);
  }

  @Test
  void someScopesCarryOthers() {
    String writer = bitbucket.repositoryToken("acme/app", "repository:write");
    String reviewer = bitbucket.repositoryToken("acme/app", "pullrequest");
    String admin = bitbucket.repositoryToken("acme/app", "repository:admin");

    assertThat(bitbucket.get("/repositories/acme/app", writer).status()).isEqualTo(200);
    assertThat(bitbucket.get("/repositories/acme/app", reviewer).status()).isEqualTo(200);
    assertThat(bitbucket.get("/repositories/acme/app", admin).status()).isEqualTo(403);
  }

  @Test
  void answersTellTheScopes() {
    Answer answer = bitbucket.get("/user", bitbucket.ada());

    assertThat(answer.header("X-OAuth-Scopes")).contains("webhook", "repository:write");
    assertThat(answer.header("X-Accepted-OAuth-Scopes")).isEqualTo("account");
    assertThat(answer.header("X-Credential-Type")).isEqualTo("oauth2");
    assertThat(answer.header("X-RateLimit-Limit")).isEmpty();
  }

  @Test
  void oneClientsTokensShareAnHourlyLimit() {
    bitbucket.settings("{\"hourlyLimit\":2}");
    String one = bitbucket.ada();
    String other = bitbucket.ada();
    bitbucket.get("/user", one);
    bitbucket.get("/user", other);

    Answer refused = bitbucket.get("/user", one);
    bitbucket.clock().advance(Duration.ofHours(1));
    Answer later = bitbucket.get("/user", one);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Content-Type")).isEqualTo("text/plain");
    assertThat(refused.body()).isEqualTo("Rate limit for this resource has been exceeded");
    assertThat(refused.header("Retry-After")).isEmpty();
    assertThat(later.status()).isEqualTo(200);
  }

  @Test
  void hooksAreLimitedApart() {
    bitbucket.settings("{\"hourlyLimit\":1}");
    String token = bitbucket.ada();
    bitbucket.get("/repositories/acme/app", token);

    assertThat(bitbucket.get("/repositories/acme/app", token).status()).isEqualTo(429);
    assertThat(bitbucket.get("/repositories/acme/app/hooks", token).status()).isEqualTo(200);
    assertThat(bitbucket.get("/repositories/acme/app/hooks", token).status()).isEqualTo(429);
  }

  @Test
  void accessTokensHaveALimitOfTheirOwnAndSeeIt() {
    bitbucket.settings("{\"hourlyLimit\":10}");
    String one = bitbucket.repositoryToken("acme/app", "repository");
    String other = bitbucket.repositoryToken("acme/app", "repository");
    Answer first = bitbucket.get("/repositories/acme/app", one);
    for (int i = 0; i < 8; i++) {
      bitbucket.get("/repositories/acme/app", one);
    }

    Answer last = bitbucket.get("/repositories/acme/app", one);

    assertThat(first.header("X-RateLimit-Limit")).isEqualTo("10");
    assertThat(first.header("X-RateLimit-Resource")).isEqualTo("api-repository-data");
    assertThat(first.header("X-RateLimit-NearLimit")).isEqualTo("false");
    assertThat(last.header("X-RateLimit-NearLimit")).isEqualTo("true");
    assertThat(bitbucket.get("/repositories/acme/app", one).status()).isEqualTo(429);
    assertThat(bitbucket.get("/repositories/acme/app", other).status()).isEqualTo(200);
  }

  @Test
  void aShorterWindowIsOverSooner() {
    bitbucket.settings("{\"hourlyLimit\":1,\"windowSeconds\":60}");
    String token = bitbucket.ada();
    bitbucket.get("/user", token);
    bitbucket.clock().advance(Duration.ofSeconds(59));
    assertThat(bitbucket.get("/user", token).status()).isEqualTo(429);
    bitbucket.clock().advance(Duration.ofSeconds(1));
    assertThat(bitbucket.get("/user", token).status()).isEqualTo(200);
  }

  @Test
  void whereEndpointsAreNotScaledNobodySeesTheLimit() {
    bitbucket.settings("{\"hourlyLimit\":10,\"scaledHeaders\":false}");
    Answer answer =
        bitbucket.get(
            "/repositories/acme/app", bitbucket.repositoryToken("acme/app", "repository"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("X-RateLimit-Limit")).isEmpty();
  }
}
