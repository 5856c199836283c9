package sh.cinch.simulator.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

class IssuedControlTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();

  @AfterEach
  void close() {
    bitbucket.close();
  }

  @Test
  void everySecretIsNamedInTheOrderInWhichItWasHandedOut() {
    bitbucket.repository("acme/app");
    String code = bitbucket.code("ada");
    Answer grant = bitbucket.token("grant_type=authorization_code&code=" + code);
    String own = bitbucket.token("grant_type=client_credentials").text("/access_token");
    String repositorys = bitbucket.repositoryToken("acme/app", "repository", "webhook");
    String adas =
        bitbucket
            .control("POST", "/users/ada/tokens", "{\"email\":\"ada@acme.example\",\"scopes\":[]}")
            .text("/token");

    Answer issued = bitbucket.control("GET", "/issued", "");

    assertThat(issued.at("/secrets").findValuesAsText("kind"))
        .containsExactly(
            "code",
            "refresh-token",
            "access-token",
            "access-token",
            "repository-token",
            "api-token");
    List<String> values =
        List.of(
            code,
            grant.text("/refresh_token"),
            grant.text("/access_token"),
            own,
            repositorys,
            adas);
    assertThat(issued.at("/secrets").findValuesAsText("value")).isEqualTo(values);
    assertThat(bitbucket.simulator().issued()).isEqualTo(values);
  }

  @Test
  void nothingIsForgotten() {
    bitbucket.repository("acme/app");
    bitbucket.repositoryToken("acme/app", "repository");
    Answer grant = bitbucket.grant("ada");
    bitbucket.refresh(grant.text("/refresh_token"));
    List<String> before = bitbucket.simulator().issued();

    bitbucket.settings("{\"revokeGrant\":true}");
    bitbucket.control("DELETE", "/repositories/acme/app/tokens", "");
    bitbucket.clock().advance(Duration.ofDays(30));
    bitbucket.grant("ada");

    assertThat(before).hasSize(6);
    assertThat(bitbucket.simulator().issued()).hasSize(9).startsWith(before.toArray(String[]::new));
  }
}
