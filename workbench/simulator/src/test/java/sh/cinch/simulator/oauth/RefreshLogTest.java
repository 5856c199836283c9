package sh.cinch.simulator.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Exchange;
import sh.cinch.simulator.http.Interference;
import sh.cinch.simulator.http.Reply;

/** How many refreshes wait at the same time, call by call. */
class RefreshLogTest {
  private final RefreshLog log = new RefreshLog();
  private final List<Exchange> held = new ArrayList<>();
  private final Interference around = log.around(held::add);

  private void comes(String path, String form) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap().add("Content-Type", "application/x-www-form-urlencoded");
    around.come(
        new Waiting(
            new Call(
                "POST",
                path,
                path,
                Map.of(),
                MultiMap.caseInsensitiveMultiMap(),
                headers,
                Buffer.buffer(form))));
  }

  private void refreshComes() {
    comes(TokenEndpoint.PATH, "grant_type=refresh_token&refresh_token=r");
  }

  private void answered() {
    Exchange exchange = held.removeFirst();
    exchange.send(exchange.answer());
  }

  @Test
  void whatWaitsTogetherIsCountedTogether() {
    refreshComes();
    refreshComes();
    answered();
    refreshComes();
    answered();
    answered();

    assertThat(log.summary().mostAtOnce()).isEqualTo(2);
  }

  @Test
  void connectionThatIsCutWaitsNoLonger() {
    for (int i = 0; i < 2; i++) {
      refreshComes();
      Exchange exchange = held.removeFirst();
      exchange.answer();
      exchange.cut();
    }

    assertThat(log.summary().mostAtOnce()).isEqualTo(1);
  }

  @Test
  void refreshWithoutEffectDoesNotCount() {
    refreshComes();
    held.removeFirst().send(Reply.empty(503));

    assertThat(log.summary().mostAtOnce()).isZero();
  }

  @Test
  void otherCallsDoNotCount() {
    refreshComes();
    comes(TokenEndpoint.PATH, "grant_type=client_credentials");
    comes("/site/oauth2/authorize", "grant_type=refresh_token");
    answered();
    answered();
    answered();

    assertThat(log.summary().mostAtOnce()).isEqualTo(1);
  }

  private record Waiting(Call call) implements Exchange {
    @Override
    public Reply answer() {
      return Reply.empty(200);
    }

    @Override
    public void send(Reply reply) {}

    @Override
    public void cut() {}

    @Override
    public void after(Duration wait, Runnable then) {
      then.run();
    }
  }
}
