package sh.cinch.simulator.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

class ConsentTest {
  private static final String AUTHORIZE = "/site/oauth2/authorize";

  private final TestBitbucket bitbucket = TestBitbucket.start();

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private Answer decide(String fields) {
    return bitbucket.call(
        "POST",
        AUTHORIZE,
        "client_id=cinch&response_type=code&" + fields,
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  @Test
  void pageListsScopesAndUsers() {
    bitbucket.control("PUT", "/users/bob", "{\"displayName\":\"Bob <Builder>\"}");

    Answer page =
        bitbucket.call("GET", AUTHORIZE + "?client_id=cinch&response_type=code&state=a%22b", "");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("<code>repository:write</code>", "<code>webhook</code>", "Ada Admin")
        .contains("Bob &lt;Builder&gt;", "value=\"a&quot;b\"")
        .contains("Grant access", "Cancel")
        .doesNotContain("<script");
  }

  @Test
  void grantLeadsBackWithCodeAndState() {
    Answer answer = decide("decision=grant&user=ada&state=x+y%26z");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location"))
        .matches(TestBitbucket.CALLBACK.replace("/", "\\/") + "\\?code=[\\w-]+&state=x\\+y%26z");
  }

  @Test
  void denialLeadsBackWithErrorAndState() {
    Answer answer = decide("decision=deny&state=xyz");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location"))
        .startsWith(TestBitbucket.CALLBACK + "?error=access_denied")
        .endsWith("&state=xyz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client_id=other&response_type=code",
        "response_type=code",
        "client_id=cinch&response_type=token",
        "client_id=cinch",
        "client_id=cinch&response_type=code&redirect_uri=http://localhost:8080/auth/bitbucket",
        "client_id=cinch&response_type=code&redirect_uri=" + TestBitbucket.CALLBACK + "/more",
      })
  void misconfiguredClientGetsPageAndNoRedirect(String query) {
    Answer answer = bitbucket.call("GET", AUTHORIZE + "?" + query, "");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(answer.body()).contains("Invalid", "This integration is misconfigured");
  }

  @Test
  void exactRedirectUriIsTaken() {
    String callback = URLEncoder.encode(TestBitbucket.CALLBACK, StandardCharsets.UTF_8);

    Answer answer =
        bitbucket.call(
            "GET", AUTHORIZE + "?client_id=cinch&response_type=code&redirect_uri=" + callback, "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("name=\"redirect_uri\"");
  }

  @Test
  void unknownUserGrantsNothing() {
    Answer answer = decide("decision=grant&user=nobody");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Location")).isEmpty();
  }
}
