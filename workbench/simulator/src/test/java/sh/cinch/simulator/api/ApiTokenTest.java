package sh.cinch.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

/** A person's own token, which is shown with an address and has scopes of its own. */
class ApiTokenTest {
  private static final String EMAIL = "ada@acme.example";
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

  private String token(String user, String... scopes) {
    String list =
        Arrays.stream(scopes).map(scope -> '"' + scope + '"').collect(Collectors.joining(","));
    Answer made =
        bitbucket.control(
            "POST",
            "/users/" + user + "/tokens",
            "{\"email\":\"%s\",\"scopes\":[%s],\"expiresInSeconds\":60}".formatted(EMAIL, list));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.text("/token");
  }

  private Answer call(String method, String path, String token, String body) {
    return bitbucket.call(
        method, "/2.0" + path, body, "Authorization", TestBitbucket.basic(EMAIL, token));
  }

  private static void assertInvalid(Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text("/error/message")).isEqualTo(INVALID);
  }

  @Test
  void tokenSpeaksForItsPersonWithTheirAddress() {
    bitbucket.control("PUT", "/users/bob", "");
    String token = token("bob", "read:user:bitbucket");

    Answer answer = call("GET", "/user", token, "");

    assertThat(answer.text("/nickname")).isEqualTo("bob");
    assertInvalid(
        bitbucket.call(
            "GET",
            "/2.0/user",
            "",
            "Authorization",
            TestBitbucket.basic("bob@acme.example", token)));
    assertInvalid(bitbucket.get("/user", token));
    assertThat(bitbucket.control("GET", "/requests?path=/2.0/user", "").text("/requests/0/account"))
        .isEqualTo("bob");
  }

  @Test
  void otherTokensAreNotTakenByBasic() {
    assertInvalid(call("GET", "/user", bitbucket.ada(), ""));
  }

  @Test
  void tokenEndsWithItsTime() {
    String token = token("ada", "read:user:bitbucket");

    bitbucket.clock().advance(Duration.ofSeconds(59));
    Answer before = call("GET", "/user", token, "");
    bitbucket.clock().advance(Duration.ofSeconds(1));
    Answer after = call("GET", "/user", token, "");

    assertThat(before.status()).isEqualTo(200);
    assertInvalid(after);
  }

  @Test
  void tokenWithoutScopesIsNotToldFromOneThatNeverWas() {
    assertInvalid(call("GET", "/user", token("ada"), ""));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /user, read:user:bitbucket",
    "GET, /user/workspaces, read:workspace:bitbucket",
    "GET, /user/workspaces/acme/permission, read:workspace:bitbucket",
    "GET, /user/workspaces/acme/permissions/repositories, read:repository:bitbucket",
    "GET, /repositories/acme/app, read:repository:bitbucket",
    "GET, /repositories/acme/app/refs, read:repository:bitbucket",
    "GET, /repositories/acme/app/hooks, read:webhook:bitbucket",
    "POST, /repositories/acme/app/hooks, read:webhook:bitbucket write:webhook:bitbucket",
    "DELETE, /repositories/acme/app/hooks/none, delete:webhook:bitbucket",
  })
  void callNeedsItsScopesAndNoOther(String method, String path, String scopes) {
    String[] needed = scopes.split(" ");

    Answer with = call(method, path, token("ada", needed), "");
    Answer without =
        call(
            method,
            path,
            token("ada", "write:webhook:bitbucket", "admin:repository:bitbucket"),
            "");

    assertThat(with.status()).as("past the scopes").isIn(200, 400, 404);
    assertThat(without.status()).isEqualTo(403);
    assertThat(without.at("/error/detail/required")).map(JsonNode::asText).containsExactly(needed);
  }

  @Test
  void statusIsWrittenByWhoeverMayRead() {
    String path = "/repositories/acme/app/commit/" + bitbucket.commit("acme/app");
    String body = "{\"key\":\"unit\",\"state\":\"FAILED\",\"url\":\"https://ci.example.com\"}";

    Answer written =
        call("POST", path + "/statuses/build", token("ada", "read:repository:bitbucket"), body);

    assertThat(written.status()).isEqualTo(201);
  }

  @Test
  void hookNeedsTheScopesOfItsEvents() {
    String body = "{\"url\":\"https://ci.example.com\",\"events\":[\"pullrequest:created\"]}";
    String path = "/repositories/acme/app/hooks";

    Answer without =
        call(
            "POST",
            path,
            token(
                "ada",
                "read:webhook:bitbucket",
                "write:webhook:bitbucket",
                "read:repository:bitbucket"),
            body);
    Answer with =
        call(
            "POST",
            path,
            token(
                "ada",
                "read:webhook:bitbucket",
                "write:webhook:bitbucket",
                "read:pullrequest:bitbucket"),
            body);

    assertThat(without.status()).isEqualTo(403);
    assertThat(with.status()).as(with.body()).isEqualTo(201);
  }
}
