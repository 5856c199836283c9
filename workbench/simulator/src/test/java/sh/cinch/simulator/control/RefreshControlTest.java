package sh.cinch.simulator.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.TestBitbucket;
import sh.cinch.simulator.oauth.RefreshLog;

class RefreshControlTest {
  private static final Duration GRACE = Duration.ofMinutes(10);

  private final TestBitbucket bitbucket = TestBitbucket.start();

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private String refreshToken(String user) {
    bitbucket.control("PUT", "/users/" + user, "");
    return bitbucket.grant(user).text("/refresh_token");
  }

  private String shown() {
    return bitbucket.control("GET", "/refreshes", "").body();
  }

  @Test
  void nothingAtFirst() {
    refreshToken("ada");
    bitbucket.token("grant_type=client_credentials");

    assertThat(shown())
        .isEqualTo(
            "{\"accounts\":[],\"total\":{\"requests\":0,\"granted\":0,\"refused\":0,\"repeated\":0,"
                + "\"reused\":0,\"mostAtOnce\":0}}");
  }

  @Test
  void refreshesAreCountedByAccountAndByWhatCameOfThem() {
    String adas = refreshToken("ada");
    String bobs = refreshToken("bob");
    bitbucket.refresh(adas);
    bitbucket.refresh(adas);
    bitbucket.refresh(bobs);
    bitbucket.clock().advance(GRACE);
    bitbucket.refresh(adas);
    bitbucket.refresh("made-up");

    assertThat(shown())
        .isEqualTo(
            "{\"accounts\":["
                + "{\"account\":\"ada\",\"requests\":3,\"granted\":2,\"refused\":1,\"repeated\":1,"
                + "\"reused\":1},"
                + "{\"account\":\"bob\",\"requests\":1,\"granted\":1,\"refused\":0,\"repeated\":0,"
                + "\"reused\":0},"
                + "{\"account\":\"unknown\",\"requests\":1,\"granted\":0,\"refused\":1,\"repeated\":0,"
                + "\"reused\":0}],"
                + "\"total\":{\"requests\":5,\"granted\":3,\"refused\":2,\"repeated\":1,\"reused\":1,"
                + "\"mostAtOnce\":1}}");
  }

  @Test
  void testInTheSameProcessNeedNotAskByHttp() {
    bitbucket.refresh(refreshToken("ada"));

    RefreshLog.Summary summary = bitbucket.simulator().refreshes();

    var once = new RefreshLog.Count(1, 1, 0, 0, 0);
    assertThat(summary.accounts()).containsOnly(Map.entry("ada", once));
    assertThat(summary.total()).isEqualTo(once);
    assertThat(summary.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void refreshOfAClientThatIsRefusedIsItsAccountsAllTheSame() {
    String token = refreshToken("ada");
    bitbucket.settings("{\"client\":\"invalid-client\"}");
    bitbucket.refresh(token);

    assertThat(bitbucket.simulator().refreshes().accounts().get("ada"))
        .isEqualTo(new RefreshLog.Count(1, 0, 1, 0, 0));
  }

  @Test
  void onlyWhatReachesTheEndpointCounts() {
    String token = refreshToken("ada");
    bitbucket.control(
        "POST", "/faults", "{\"path\":\"/site/*\",\"kind\":\"status\",\"status\":503,\"times\":1}");
    bitbucket.refresh(token);
    bitbucket.control(
        "POST", "/faults", "{\"path\":\"/site/*\",\"kind\":\"lost-response\",\"times\":1}");

    assertThatThrownBy(() -> bitbucket.refresh(token)).hasRootCauseInstanceOf(IOException.class);

    assertThat(bitbucket.simulator().refreshes().total())
        .isEqualTo(new RefreshLog.Count(1, 1, 0, 0, 0));
  }
}
