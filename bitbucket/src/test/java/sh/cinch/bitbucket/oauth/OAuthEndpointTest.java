package sh.cinch.bitbucket.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.OpaqueToken;
import sh.cinch.bitbucket.RawServer;
import sh.cinch.bitbucket.oauth.TokenAnswer.Granted;
import sh.cinch.bitbucket.oauth.TokenAnswer.RefusedClient;
import sh.cinch.bitbucket.oauth.TokenAnswer.RefusedEither;
import sh.cinch.bitbucket.oauth.TokenAnswer.RefusedGrant;
import sh.cinch.bitbucket.oauth.TokenAnswer.Throttled;
import sh.cinch.bitbucket.oauth.TokenAnswer.Unclear;

class OAuthEndpointTest {
  private static final OpaqueToken REFRESH = new OpaqueToken("r+1/=&");

  private final RawServer server = new RawServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void anExchangeIsAFormWithBasicAuthorization() {
    server.answersJson(200, "{\"access_token\":\"a1\"}");

    endpoint().exchange(new OpaqueToken("c/1"), URI.create("https://cinch.example/auth/callback"));

    RawServer.Seen sent = server.onlyRequest();
    assertThat(sent.line()).isEqualTo("POST /site/oauth2/access_token");
    assertThat(sent.header("Authorization")).isEqualTo("Basic a2V5OnNlY3JldA==");
    assertThat(sent.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(sent.body())
        .isEqualTo(
            "code=c%2F1&grant_type=authorization_code"
                + "&redirect_uri=https%3A%2F%2Fcinch.example%2Fauth%2Fcallback");
  }

  @Test
  void aRefreshSendsTheToken() {
    server.answersJson(200, "{\"access_token\":\"a1\"}");

    endpoint().refresh(REFRESH);

    assertThat(server.onlyRequest().body())
        .isEqualTo("grant_type=refresh_token&refresh_token=r%2B1%2F%3D%26");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scope", "scopes"})
  void bothDialectsAreRead(String scope) {
    server.answersJson(
        200,
        """
        {"access_token":"a1","%s":"webhook repository:write webhook","expires_in":7200,
         "token_type":"bearer","state":"refresh_token","refresh_token":"r2"}
        """
            .formatted(scope));

    assertThat(endpoint().refresh(REFRESH))
        .isEqualTo(
            new Granted(
                new TokenPair(
                    new OpaqueToken("a1"),
                    Optional.of(new OpaqueToken("r2")),
                    Optional.of(Duration.ofHours(2)),
                    Set.of("webhook", "repository:write"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'access_token':'a1'}",
        "{'access_token':'a1','refresh_token':' '}",
        "{'access_token':'a1','refresh_token':null}"
      })
  void noNewRefreshTokenMeansKeepTheOld(String body) {
    server.answersJson(200, body.replace('\'', '"'));

    assertThat(granted(endpoint().refresh(REFRESH)).refreshToken()).isEmpty();
  }

  @Test
  void theSameRefreshTokenComesBackWhole() {
    server.answersJson(200, "{\"access_token\":\"a1\",\"refresh_token\":\"r+1/=&\"}");

    assertThat(granted(endpoint().refresh(REFRESH)).refreshToken()).contains(REFRESH);
  }

  @Test
  void tokensOfAnyLengthAreTaken() {
    server.answersJson(200, "{\"access_token\":\"%s\"}".formatted("x".repeat(2_500)));

    assertThat(granted(endpoint().refresh(REFRESH)).accessToken().reveal()).hasSize(2_500);
  }

  @ParameterizedTest
  @CsvSource({"3600,3600", "'\"3600\"',3600", "0,", "-5,", "'\"soon\"',", "null,", "99999999999,"})
  void lifetimesAreNumbersOrTextsOrUnknown(String sent, @Nullable Integer seconds) {
    server.answersJson(200, "{\"access_token\":\"a1\",\"expires_in\":%s}".formatted(sent));

    assertThat(granted(endpoint().refresh(REFRESH)).expiresIn())
        .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          invalid_grant       | The refresh token is expired
          unauthorized_client | This refresh token was revoked
          invalid_request     | Invalid refresh_token
          invalid_request     | Invalid code
          """)
  void aRefusedGrant(String error, String description) {
    server.answersJson(400, error(error, description));

    assertThat(endpoint().refresh(REFRESH)).isEqualTo(new RefusedGrant(error, description));
  }

  @Test
  void whatIsSaidOfDeadGrantsAndOfLockedOutClientsAlikeIsEither() {
    server.answersJson(400, error("unauthorized_client", "Invalid OAuth client credentials"));

    assertThat(endpoint().refresh(REFRESH))
        .isEqualTo(new RefusedEither("unauthorized_client", "Invalid OAuth client credentials"));
  }

  @Test
  void aClientThatMayAskForItselfIsProven() {
    server.answersJson(200, "{\"access_token\":\"a1\"}");

    assertThat(endpoint().prove()).isEqualTo(new ClientProof.Proven());
  }

  @Test
  void aClientThatIsToldItMayNotAskForItselfIsProvenToo() {
    server.answersJson(
        400,
        error(
            "unauthorized_client",
            "Cannot use client_credentials with a consumer marked as 'public'. Go on."));

    assertThat(endpoint().prove()).isEqualTo(new ClientProof.Proven());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unauthorized_client | Invalid OAuth client credentials
          unauthorized_client | Requests must be authenticated using OAuth client credentials
          invalid_client      | Client authentication failed
          """)
  void aClientThatIsRefusedIsNotProven(String error, String description) {
    server.answersJson(401, error(error, description));

    assertThat(endpoint().prove()).isEqualTo(new ClientProof.Refused(error + ": " + description));
  }

  @Test
  void anOutageSaysNothingOfTheClient() {
    server.answersJson(503, "{}");

    assertThat(endpoint().prove()).isInstanceOf(ClientProof.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          unauthorized_client | Requests must be authenticated using OAuth client credentials
          invalid_client      | Client authentication failed
          """)
  void aRefusedClient(String error, String description) {
    server.answersJson(401, error(error, description));

    assertThat(endpoint().refresh(REFRESH)).isEqualTo(new RefusedClient(error, description));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          invalid_grant           | Unsupported grant type: None
          invalid_request         | Malformed request
          server_error            | Try later
          temporarily_unavailable | Try later
          """)
  void whatSpeaksOfNeitherIsUnclear(String error, String description) {
    server.answersJson(400, error(error, description));

    assertThat(endpoint().refresh(REFRESH)).isInstanceOf(Unclear.class);
  }

  @Test
  void throttled() {
    server.answers(429, "text/plain", "Rate limit for this resource has been exceeded");

    assertThat(endpoint().refresh(REFRESH)).isEqualTo(new Throttled(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "500, true",
    "502, true",
    "503, true",
    "400, true",
    "401, true",
    "404, true",
    "302, false"
  })
  void aPageInsteadOfAnAnswerIsUnclear(int status, boolean mayHaveHappened) {
    server.answers(status, "text/html", "<html>invalid_grant</html>");

    assertThat(unclear(endpoint().refresh(REFRESH)).mayHaveHappened()).isEqualTo(mayHaveHappened);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":7}",
        "{\"access_token\":\"a\\nb\"}",
        "<html>"
      })
  void anAnswerWithoutATokenIsUnclearAndMayHaveHappened(String body) {
    server.answersJson(200, body);

    assertThat(unclear(endpoint().refresh(REFRESH)).mayHaveHappened()).isTrue();
  }

  @Test
  void aBrokenConnectionMayHaveRotated() {
    server.plays((seen, response) -> seen.hangUp());

    assertThat(unclear(endpoint().refresh(REFRESH)).mayHaveHappened()).isTrue();
  }

  @Test
  void aHungServerMayHaveRotated() {
    server.plays((seen, response) -> {});
    var hasty = endpoint(server.url(), Duration.ofMillis(200));

    assertThat(unclear(hasty.refresh(REFRESH)).mayHaveHappened()).isTrue();
  }

  @Test
  void nobodyThereCannotHaveRotated() {
    var nobody = endpoint(server.closedUrl(), Duration.ofSeconds(10));

    assertThat(unclear(nobody.refresh(REFRESH)).mayHaveHappened()).isFalse();
  }

  @Test
  void noAnswerShowsATokenOrTheClientsSecret() {
    server.answersJson(200, "{\"access_token\":\"a-s3cret\",\"refresh_token\":\"r-s3cret\"}");
    assertThat(endpoint().refresh(REFRESH).toString()).doesNotContain("s3cret");

    server.plays(
        (seen, response) ->
            response
                .setStatusCode(400)
                .end(error("invalid_grant", REFRESH.reveal() + seen.header("Authorization"))));
    assertThat(endpoint().refresh(REFRESH))
        .isEqualTo(new RefusedGrant("invalid_grant", "[hidden]Basic [hidden]"));
  }

  private OAuthEndpoint endpoint() {
    return endpoint(server.url(), Duration.ofSeconds(10));
  }

  private OAuthEndpoint endpoint(URI site, Duration timeout) {
    return new OAuthEndpoint(server.web(), site, () -> "Basic a2V5OnNlY3JldA==", timeout);
  }

  private static String error(String error, String description) {
    return "{\"error\":\"%s\",\"error_description\":\"%s\"}".formatted(error, description);
  }

  private static TokenPair granted(TokenAnswer answer) {
    assertThat(answer).isInstanceOf(Granted.class);
    return ((Granted) answer).tokens();
  }

  private static Unclear unclear(TokenAnswer answer) {
    assertThat(answer).isInstanceOf(Unclear.class);
    return (Unclear) answer;
  }
}
