package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of answer, from what Bitbucket and the things in front of it send. */
class AnswersTest extends ClientFixture {

  @Test
  void aValueComesWithItsStatus() {
    server.answersJson(
        200, "{\"uuid\":\"{u}\",\"account_id\":\"712020:x\",\"display_name\":\"Vera\"}");

    assertThat(client.user())
        .isEqualTo(new Answer.Ok<>(new User("{u}", Optional.of("712020:x"), "Vera", true), 200));
  }

  @Test
  void whatOnlyStandsForATokenIsNoPerson() {
    server.answersJson(
        200, "{\"type\":\"app_user\",\"kind\":\"repository_access_token\",\"uuid\":\"{t}\"}");

    assertThat(client.user())
        .isEqualTo(new Answer.Ok<>(new User("{t}", Optional.empty(), "{t}", false), 200));
  }

  @Test
  void anExpiredTokenIsRefused() {
    server.answersJson(
        401,
        """
        {"type":"error","error":{"message":"Access token expired. Use your refresh token to obtain a new access token."}}
        """);

    Answer.Refused<User> refused = refused(client.user());

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.error().message()).startsWith("Access token expired.");
  }

  @Test
  void aMissingScopeIsNamed() {
    server.answersJson(
        403,
        """
        {"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.",
         "detail":{"granted":["repository"],"required":["account"]}}}
        """);

    ApiError error = refused(client.user()).error();

    assertThat(error.grantedScopes()).containsExactly("repository");
    assertThat(error.requiredScopes()).containsExactly("account");
    assertThat(error.detail())
        .isEqualTo("{\"granted\":[\"repository\"],\"required\":[\"account\"]}");
  }

  @Test
  void aRemovedCallIsRefused() {
    server.answersJson(
        410,
        """
        {"type":"error","error":{"message":"CHANGE-2770 - Functionality has been deprecated",
         "detail":"Please read the changelog entry for more details.","data":{"announcement_url":"https://x.example"}},
         "data":{"announcement_url":"https://x.example"}}
        """);

    ApiError error = refused(client.workspaces()).error();

    assertThat(error.message()).isEqualTo("CHANGE-2770 - Functionality has been deprecated");
    assertThat(error.detail()).isEqualTo("Please read the changelog entry for more details.");
  }

  @Test
  void aBadFieldIsNamed() {
    String why = "Ensure this value has at most 40 characters (it has 58).";
    server.answersJson(
        400,
        """
        {"type":"error","error":{"message":"key: %s","fields":{"key":["%s"]}}}
        """
            .formatted(why, why));

    assertThat(refused(client.user()).error().fields()).isEqualTo(Map.of("key", List.of(why)));
  }

  @Test
  void anEmptyRefusalStillSaysSomething() {
    server.plays((seen, response) -> response.setStatusCode(404).end());

    assertThat(refused(client.repository(BEACON)).error().message())
        .isEqualTo("Bitbucket answered 404 (no content type) and gave no reason");
  }

  @Test
  void theRateLimitIsPlainText() {
    server.answers(429, "text/plain", "Rate limit for this resource has been exceeded");

    assertThat(client.user()).isEqualTo(new Answer.RateLimited<>(Optional.empty()));
  }

  @Test
  void theRateLimitMaySayHowLong() {
    server.plays(
        (seen, response) -> response.setStatusCode(429).putHeader("Retry-After", "30").end());

    assertThat(client.user())
        .isEqualTo(new Answer.RateLimited<>(Optional.of(Duration.ofSeconds(30))));
  }

  @Test
  void aGatewaysPageIsUnavailable() {
    server.answers(502, "text/html", "<html><h1>502 Bad Gateway</h1></html>");

    assertThat(client.user())
        .isEqualTo(
            new Answer.Unavailable<>(
                "GET %s/2.0/user: answered 502 (text/html)".formatted(server.url()),
                OptionalInt.of(502),
                true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "<html>", "[]", "null", "{}", "{\"uuid\":7}", "{\"uuid\":\"u\"}x"})
  void garbageIsUnavailableAndMayHaveHappened(String body) {
    server.answersJson(200, body);

    Answer.Unavailable<User> away = unavailable(client.user());

    assertThat(away.status()).hasValue(200);
    assertThat(away.mayHaveHappened()).isTrue();
  }

  @Test
  void aRedirectIsUnavailableAndNotFollowed() {
    server.plays(
        (seen, response) ->
            response.setStatusCode(302).putHeader("Location", "https://login.example/").end());

    Answer.Unavailable<User> away = unavailable(client.user());

    assertThat(away.what()).endsWith("a redirect, which is never followed");
    assertThat(away.mayHaveHappened()).isFalse();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aBrokenConnectionMayHaveHappened() {
    server.plays((seen, response) -> seen.hangUp());

    Answer.Unavailable<User> away = unavailable(client.user());

    assertThat(away.mayHaveHappened()).isTrue();
    assertThat(away.status()).isEmpty();
  }

  @Test
  void aHungServerMayHaveDoneIt() {
    server.plays((seen, response) -> {});

    assertThat(unavailable(client.withTimeout(Duration.ofMillis(200)).user()).mayHaveHappened())
        .isTrue();
  }

  @Test
  void nobodyThereCannotHaveDoneIt() {
    var nobody = new BitbucketClient(server.web(), server.closedUrl(), () -> "Bearer s3cret");

    assertThat(unavailable(nobody.user()).mayHaveHappened()).isFalse();
  }

  @Test
  void anEchoedTokenIsHidden() {
    server.plays((seen, response) -> response.setStatusCode(400).end(seen.header("Authorization")));

    assertThat(refused(client.user()).error().raw()).isEqualTo("Bearer [hidden]");
  }
}
