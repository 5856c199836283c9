package sh.cinch.ingress.connecting.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BrowserCookieTest {

  @Test
  void overTlsNoOtherHostOfTheDomainCanSetIt() {
    assertThat(new BrowserCookie("cinch_session", Duration.ofDays(1), true).name())
        .isEqualTo("__Host-cinch_session");
    assertThat(new BrowserCookie("cinch_session", Duration.ofDays(1), false).name())
        .isEqualTo("cinch_session");
  }
}
