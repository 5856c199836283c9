package sh.cinch.simulator.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

class TokenEndpointTest {
  private static final String TOKEN = "/site/oauth2/access_token";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final Duration LOCKOUT = Duration.ofMinutes(3);

  private final TestBitbucket bitbucket = TestBitbucket.start();

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private static void assertRefused(Answer answer, String error, String description) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error")).isEqualTo(error);
    assertThat(answer.text("/error_description")).isEqualTo(description);
  }

  private static void assertInvalidCredentials(Answer answer) {
    assertRefused(answer, "unauthorized_client", "Invalid OAuth client credentials");
  }

  private static String refreshToken(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.text("/refresh_token");
  }

  @Test
  void codeBuysTokensThatWork() {
    Answer answer = bitbucket.grant("ada");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("/scope")).isEqualTo("account repository repository:write webhook");
    assertThat(answer.at("/expires_in").asInt()).isEqualTo(7200);
    assertThat(answer.text("/token_type")).isEqualTo("bearer");
    assertThat(answer.text("/access_token")).hasSize(2500);
    assertThat(answer.text("/refresh_token")).hasSize(2500);
    assertThat(answer.json().has("scopes")).isFalse();
    Answer user = bitbucket.get("/user", answer.text("/access_token"));
    assertThat(user.text("/display_name")).isEqualTo("Ada Admin");
  }

  @Test
  void codeIsGoodOnce() {
    String form = "grant_type=authorization_code&code=" + bitbucket.code("ada");

    assertThat(bitbucket.token(form).status()).isEqualTo(200);
    assertThat(bitbucket.token(form).text("/error")).isEqualTo("invalid_grant");
  }

  @Test
  void codeExpires() {
    String code = bitbucket.code("ada");

    bitbucket.clock().advance(Duration.ofMinutes(1));

    Answer answer = bitbucket.token("grant_type=authorization_code&code=" + code);
    assertThat(answer.text("/error")).isEqualTo("invalid_grant");
  }

  @Test
  void exchangeMustNameTheRedirectUriOfTheRequest() {
    String callback = URLEncoder.encode(TestBitbucket.CALLBACK, StandardCharsets.UTF_8);
    List<String> codes =
        Stream.generate(
                () ->
                    bitbucket
                        .call(
                            "POST",
                            "/site/oauth2/authorize",
                            "client_id=cinch&response_type=code&decision=grant&redirect_uri="
                                + callback,
                            "Content-Type",
                            FORM)
                        .header("Location")
                        .replaceAll(".*code=", ""))
            .limit(2)
            .toList();
    String exchange = "grant_type=authorization_code&code=";

    Answer silent = bitbucket.token(exchange + codes.getFirst());
    Answer same = bitbucket.token(exchange + codes.getLast() + "&redirect_uri=" + callback);

    assertThat(silent.text("/error")).isEqualTo("invalid_grant");
    assertThat(same.status()).isEqualTo(200);
  }

  @Test
  void jsonBodyHasNoGrantType() {
    Answer answer =
        bitbucket.call(
            "POST",
            TOKEN,
            "{\"grant_type\":\"client_credentials\"}",
            "Authorization",
            "Basic Y2luY2g6Y2xpZW50IHNlY3JldA==",
            "Content-Type",
            "application/json");

    assertRefused(answer, "invalid_grant", "Unsupported grant type: None");
  }

  @Test
  void passwordGrantIsGone() {
    assertRefused(
        bitbucket.token("grant_type=password&username=a&password=b"),
        "invalid_grant",
        "Unsupported grant type: password");
  }

  @Test
  void clientMustAuthenticateByBasic() {
    String form = "grant_type=client_credentials&client_id=cinch&client_secret=client+secret";
    String expected = "Requests must be authenticated using OAuth client credentials";

    Answer missing = bitbucket.call("POST", TOKEN, form, "Content-Type", FORM);
    Answer wrong =
        bitbucket.call(
            "POST", TOKEN, form, "Content-Type", FORM, "Authorization", "Basic Y2luY2g6bm8=");
    Answer malformed =
        bitbucket.call("POST", TOKEN, form, "Content-Type", FORM, "Authorization", "Basic %%%");

    for (Answer answer : List.of(missing, wrong, malformed)) {
      assertRefused(answer, "unauthorized_client", expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "unauthenticated, 400, unauthorized_client,"
        + " Requests must be authenticated using OAuth client credentials",
    "invalid-client, 401, invalid_client, Client authentication failed",
    "invalid-credentials, 400, unauthorized_client, Invalid OAuth client credentials",
  })
  void clientCanBeRefusedWhateverItAsks(
      String client, int status, String error, String description) {
    String token = refreshToken(bitbucket.grant("ada"));
    String code = bitbucket.code("ada");
    bitbucket.settings("{\"client\":\"%s\"}".formatted(client));

    for (Answer answer :
        List.of(
            bitbucket.refresh(token),
            bitbucket.token("grant_type=authorization_code&code=" + code),
            bitbucket.token("grant_type=client_credentials"),
            bitbucket.token("grant_type=password"))) {
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.text("/error")).isEqualTo(error);
      assertThat(answer.text("/error_description")).isEqualTo(description);
      assertThat(answer.header("WWW-Authenticate").startsWith("Basic ")).isEqualTo(status == 401);
    }
    bitbucket.settings("{\"client\":\"accepted\"}");
    assertThat(bitbucket.refresh(token).status()).isEqualTo(200);
    assertThat(bitbucket.token("grant_type=authorization_code&code=" + code).status())
        .as("a code that a refused client sent is not used up")
        .isEqualTo(200);
  }

  @Test
  void publicClientGetsNothingForItself() {
    String token = refreshToken(bitbucket.grant("ada"));
    bitbucket.settings("{\"clientIsPrivate\":false}");
    String form = "grant_type=client_credentials";

    assertRefused(
        bitbucket.token(form),
        "unauthorized_client",
        "Cannot use client_credentials with a consumer marked as \"public\"");
    assertRefused(
        bitbucket.call("POST", TOKEN, form, "Content-Type", FORM),
        "unauthorized_client",
        "Requests must be authenticated using OAuth client credentials");
    assertThat(bitbucket.refresh(token).status()).isEqualTo(200);
  }

  @Test
  void clientForItselfGetsNoRefreshToken() {
    Answer answer = bitbucket.token("grant_type=client_credentials");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().has("refresh_token")).isFalse();
    assertThat(bitbucket.get("/user", answer.text("/access_token")).text("/type"))
        .isEqualTo("app_user");
  }

  @Test
  void refreshRotatesAndOldAccessTokensLiveOn() {
    Answer first = bitbucket.grant("ada");

    Answer second = bitbucket.refresh(refreshToken(first));

    assertThat(refreshToken(second)).isNotEqualTo(refreshToken(first));
    assertThat(bitbucket.get("/user", first.text("/access_token")).status()).isEqualTo(200);
    assertThat(bitbucket.get("/user", second.text("/access_token")).status()).isEqualTo(200);
  }

  @Test
  void replacedTokenWorksUntilItsGraceIsOver() {
    String first = refreshToken(bitbucket.grant("ada"));
    bitbucket.refresh(first);

    bitbucket.clock().advance(GRACE.minusSeconds(1));
    Answer within = bitbucket.refresh(first);
    bitbucket.clock().advance(Duration.ofSeconds(1));
    Answer after = bitbucket.refresh(first);

    assertThat(within.status()).isEqualTo(200);
    assertInvalidCredentials(after);
  }

  @Test
  void reuseLocksTheWholeClientOutForAWhile() {
    String victim = refreshToken(bitbucket.grant("ada"));
    String first = refreshToken(bitbucket.grant("ada"));
    String second = refreshToken(bitbucket.refresh(first));
    bitbucket.clock().advance(GRACE);
    bitbucket.refresh(first);

    bitbucket.clock().advance(LOCKOUT.minusSeconds(1));
    Answer during = bitbucket.refresh(victim);
    Answer exchange = bitbucket.grant("ada");
    bitbucket.clock().advance(Duration.ofSeconds(1));
    Answer after = bitbucket.refresh(victim);

    assertInvalidCredentials(during);
    assertThat(exchange.status()).isEqualTo(200);
    assertThat(after.status()).isEqualTo(200);
    assertThat(bitbucket.refresh(second).status()).as("the grant itself lives").isEqualTo(200);
  }

  @Test
  void lockoutHoldsTheClientForItselfOnlyWhereToldTo() {
    String first = refreshToken(bitbucket.grant("ada"));
    bitbucket.refresh(first);
    bitbucket.clock().advance(GRACE);
    bitbucket.refresh(first);

    Answer usually = bitbucket.token("grant_type=client_credentials");
    bitbucket.settings("{\"lockoutHoldsClientCredentials\":true}");
    Answer during = bitbucket.token("grant_type=client_credentials");
    bitbucket.clock().advance(LOCKOUT);
    Answer after = bitbucket.token("grant_type=client_credentials");

    assertThat(usually.status()).isEqualTo(200);
    assertInvalidCredentials(during);
    assertThat(after.status()).isEqualTo(200);
  }

  @Test
  void allThatIsGivenWithinTheGraceWorks() {
    String first = refreshToken(bitbucket.grant("ada"));
    Answer one = bitbucket.refresh(first);
    Answer other = bitbucket.refresh(first);

    for (Answer given : List.of(one, other)) {
      assertThat(bitbucket.get("/user", given.text("/access_token")).status()).isEqualTo(200);
      assertThat(bitbucket.refresh(refreshToken(given)).status()).isEqualTo(200);
    }
  }

  @Test
  void onlyWhatIsGivenLastCanWork() {
    bitbucket.settings("{\"newestRefreshTokenOnly\":true,\"lockoutSeconds\":0}");
    Answer original = bitbucket.grant("ada");
    Answer early = bitbucket.refresh(refreshToken(original));
    Answer heir = bitbucket.refresh(refreshToken(early));

    Answer last = bitbucket.refresh(refreshToken(original));

    for (Answer ended : List.of(early, heir)) {
      assertThat(bitbucket.get("/user", ended.text("/access_token")).status()).isEqualTo(401);
      assertInvalidCredentials(bitbucket.refresh(refreshToken(ended)));
    }
    for (Answer living : List.of(original, last)) {
      assertThat(bitbucket.get("/user", living.text("/access_token")).status()).isEqualTo(200);
    }
    assertThat(bitbucket.refresh(refreshToken(last)).status()).isEqualTo(200);
  }

  @Test
  void endedTokenLocksOutAsAnyReplacedOneDoes() {
    bitbucket.settings("{\"newestRefreshTokenOnly\":true}");
    String first = refreshToken(bitbucket.grant("ada"));
    String early = refreshToken(bitbucket.refresh(first));
    String last = refreshToken(bitbucket.refresh(first));

    bitbucket.refresh(early);

    assertInvalidCredentials(bitbucket.refresh(last));
    bitbucket.clock().advance(LOCKOUT);
    assertThat(bitbucket.refresh(last).status()).isEqualTo(200);
  }

  @Test
  void lockoutCanBeOff() {
    bitbucket.settings("{\"lockoutSeconds\":0}");
    String victim = refreshToken(bitbucket.grant("ada"));
    String first = refreshToken(bitbucket.grant("ada"));
    bitbucket.refresh(first);
    bitbucket.clock().advance(GRACE);

    assertInvalidCredentials(bitbucket.refresh(first));
    assertThat(bitbucket.refresh(victim).status()).isEqualTo(200);
  }

  @Test
  void reuseCanKillTheGrant() {
    bitbucket.settings("{\"lockoutSeconds\":0,\"reuseKillsGrant\":true}");
    String first = refreshToken(bitbucket.grant("ada"));
    Answer second = bitbucket.refresh(first);
    bitbucket.clock().advance(GRACE);
    bitbucket.refresh(first);

    assertInvalidCredentials(bitbucket.refresh(refreshToken(second)));
    assertThat(bitbucket.get("/user", second.text("/access_token")).status()).isEqualTo(401);
  }

  @Test
  void revokedGrantCannotBeRefreshedAndLocksNobodyOut() {
    bitbucket.control("PUT", "/users/bob", "");
    String adas = refreshToken(bitbucket.grant("ada"));
    Answer bobs = bitbucket.grant("bob");

    bitbucket.settings("{\"revokeGrant\":\"bob\"}");

    assertInvalidCredentials(bitbucket.refresh(refreshToken(bobs)));
    assertThat(bitbucket.get("/user", bobs.text("/access_token")).status()).isEqualTo(401);
    assertThat(bitbucket.refresh(adas).status()).isEqualTo(200);
  }

  @Test
  void unknownRefreshTokenIsAnInvalidGrant() {
    assertThat(bitbucket.refresh("made-up").text("/error")).isEqualTo("invalid_grant");
  }

  @Test
  void unusedRefreshTokenDiesAfterThreeMonths() {
    String token = refreshToken(bitbucket.grant("ada"));

    bitbucket.clock().advance(Duration.ofDays(90));

    assertThat(bitbucket.refresh(token).text("/error")).isEqualTo("invalid_grant");
  }

  @Test
  void legacyDialectKeepsItsRefreshToken() {
    bitbucket.settings("{\"dialect\":\"legacy\"}");
    Answer first = bitbucket.grant("ada");

    Answer second = bitbucket.refresh(refreshToken(first));

    assertThat(first.text("/scopes")).isEqualTo("account repository repository:write webhook");
    assertThat(first.json().has("scope")).isFalse();
    assertThat(first.text("/state")).isEqualTo("authorization_code");
    assertThat(second.text("/state")).isEqualTo("refresh_token");
    assertThat(first.text("/access_token")).hasSizeLessThan(100);
    assertThat(refreshToken(second)).isEqualTo(refreshToken(first));
  }

  @Test
  void keptDialectRefreshesWithoutARefreshToken() {
    bitbucket.settings("{\"dialect\":\"kept\"}");
    String token = refreshToken(bitbucket.grant("ada"));

    Answer once = bitbucket.refresh(token);
    bitbucket.clock().advance(GRACE.multipliedBy(2));
    Answer again = bitbucket.refresh(token);

    assertThat(once.json().has("refresh_token")).isFalse();
    assertThat(again.status()).isEqualTo(200);
  }

  @Test
  void lifetimeIsWhatTheAnswerSays() {
    bitbucket.settings("{\"accessTokenSeconds\":30}");
    Answer answer = bitbucket.grant("ada");
    String token = answer.text("/access_token");

    bitbucket.clock().advance(Duration.ofSeconds(29));
    Answer before = bitbucket.get("/user", token);
    bitbucket.clock().advance(Duration.ofSeconds(1));
    Answer after = bitbucket.get("/user", token);

    assertThat(answer.at("/expires_in").asInt()).isEqualTo(30);
    assertThat(before.status()).isEqualTo(200);
    assertThat(after.status()).isEqualTo(401);
    assertThat(after.text("/error/message"))
        .isEqualTo("Access token expired. Use your refresh token to obtain a new access token.");
  }

  @Test
  void expiredTokenIsForgottenInItsOwnTime() {
    String late = bitbucket.ada();
    bitbucket.settings("{\"accessTokenSeconds\":30}");
    String early = bitbucket.ada();

    bitbucket.clock().advance(Duration.ofHours(24).plusSeconds(30));
    bitbucket.ada();

    assertThat(bitbucket.get("/user", late).text("/error/message"))
        .startsWith("Access token expired.");
    assertThat(bitbucket.get("/user", early).text("/error/message")).startsWith("Token is invalid");
  }

  @Test
  void lifetimeCanBeLeftUnsaid() {
    bitbucket.settings("{\"accessTokenSeconds\":0}");
    Answer answer = bitbucket.grant("ada");

    assertThat(answer.json().has("expires_in")).isFalse();
    assertThat(bitbucket.get("/user", answer.text("/access_token")).status()).isEqualTo(200);
  }

  @Test
  void refreshesAtOnceEachGetTokensOfTheirOwn() throws Exception {
    String token = refreshToken(bitbucket.grant("ada"));
    List<Callable<Answer>> refreshes =
        Stream.<Callable<Answer>>generate(() -> () -> bitbucket.refresh(token)).limit(200).toList();

    var given = new HashSet<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : threads.invokeAll(refreshes)) {
        given.add(refreshToken(answer.get()));
      }
    }

    assertThat(given).hasSize(200);
  }
}
