package sh.cinch.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.service.Backends;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;

class TrustedProxiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none            | 203.0.113.9                         | 127.0.0.1",
        "10.0.0.0/8      | 203.0.113.9                         | 127.0.0.1",
        "127.0.0.1       | 203.0.113.9                         | 203.0.113.9",
        "127.0.0.0/8     | 198.51.100.1, 203.0.113.9           | 203.0.113.9",
        "127.0.0.1,10.0.0.0/9 | 198.51.100.1, 203.0.113.9, 10.127.0.1 | 203.0.113.9",
        "127.0.0.1,10.0.0.0/9 | 203.0.113.9, 10.128.0.1        | 10.128.0.1",
        "127.0.0.1,10.0.0.0/8 | 10.0.0.2, 10.0.0.1             | 10.0.0.2",
        "127.0.0.1       | 203.0.113.9, evil.example           | 127.0.0.1",
        "127.0.0.1       | ''                                  | 127.0.0.1",
        "127.0.0.1       | 2001:db8:1:2:3:4:5:6                | 2001:db8:1:2:0:0:0:0/64",
        "127.0.0.1,2001:db8::/32 | 203.0.113.9, 2001:db8:1::7  | 203.0.113.9",
      })
  void whoAsksIsTheRightmostThatIsNoProxy(String trusted, String forwarded, String seen)
      throws Exception {
    TrustedProxies proxies = trusted.equals("none") ? TrustedProxies.NONE : of(trusted);
    HttpServer server =
        BoundedServer.listen(
            Backends.context().vertx(),
            new HttpServerOptions().setHost("127.0.0.1").setPort(0),
            HttpBounds.ofThisProcess(),
            request -> request.response().end(proxies.client(request).text()));
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + forwarded + "\r\n\r\n");

      assertThat(talk.answer()).endsWith("\r\n\r\n" + seen);
    } finally {
      server.close().await();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.1,", "10.0.0.0/-1", "::1/200"})
  void whatIsNoAddressIsNamedAtStart(String setting) {
    assertThatThrownBy(() -> of(setting))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("CINCH_TRUSTED_PROXIES");
  }

  @Test
  void nobodyIsTrustedUnasked() {
    assertThat(Environment.read(Map.of(), TrustedProxies::from)).isSameAs(TrustedProxies.NONE);
  }

  private static TrustedProxies of(String setting) {
    return Environment.read(Map.of("CINCH_TRUSTED_PROXIES", setting), TrustedProxies::from);
  }
}
