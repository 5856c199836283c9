package sh.cinch.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, localhost",
    "0.0.0.0, localhost",
    "::, localhost",
    "::1, [::1]",
    "fd00::1, [fd00::1]",
    "192.168.1.5, 192.168.1.5",
    "cinch.example, cinch.example"
  })
  void addressNamesTheHostAsAUriDoes(String host, String named) {
    URI address = new Reach(host).url(8080);

    assertThat(address).hasToString("http://" + named + ":8080");
    assertThat(address.getHost()).isEqualTo(named);
    assertThat(address.getPort()).isEqualTo(8080);
  }
}
