package sh.cinch.simulator.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Receiver;
import sh.cinch.simulator.TestClock;
import sh.cinch.simulator.world.Hook;
import sh.cinch.simulator.world.World;

class DelivererTest {
  private static final Duration SHORT = Duration.ofMillis(150);

  private final Vertx vertx = Vertx.vertx();
  private final World world = World.inMemory(new TestClock());

  @AfterEach
  void close() {
    vertx.close().await();
    world.close();
  }

  private List<Attempt> deliver(String url, boolean skipCertVerification, Duration timeout) {
    var hook =
        new Hook(
            "{a}",
            "",
            URI.create(url),
            true,
            List.of(PushPayload.EVENT),
            Optional.empty(),
            skipCertVerification,
            world.now());
    return new Deliverer(vertx, world, timeout)
        .deliver(List.of(hook), PushPayload.EVENT, Buffer.buffer("{}"))
        .getFirst()
        .attempts();
  }

  @Test
  void silentReceiverTimesOutThreeTimes() throws IOException {
    try (var receiver = new Receiver(Receiver.SILENCE)) {
      List<Attempt> attempts = deliver(receiver.url(), false, SHORT);

      assertThat(attempts)
          .hasSize(3)
          .allMatch(attempt -> attempt.problem().equals(Optional.of("timeout")))
          .allMatch(attempt -> attempt.ms() >= SHORT.toMillis());
      assertThat(receiver.received()).hasSize(3);
    }
  }

  @Test
  void certificateIsCheckedUnlessTheHookSaysOtherwise() throws Exception {
    X509Bundle certificate =
        new CertificateBuilder()
            .subject("CN=localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    var options =
        new HttpServerOptions()
            .setHost("localhost")
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(certificate.getCertificatePathPEM()))
                    .addKeyValue(Buffer.buffer(certificate.getPrivateKeyPEM())));
    int port =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> request.response().end())
            .listen(0)
            .await()
            .actualPort();
    String url = "https://localhost:" + port;

    assertThat(deliver(url, false, Deliverer.TIMEOUT)).allMatch(attempt -> attempt.status() == 0);
    assertThat(deliver(url, true, Deliverer.TIMEOUT)).allMatch(attempt -> attempt.status() == 200);
  }

  @Test
  void bitbucketWaitsTenSeconds() {
    assertThat(Deliverer.TIMEOUT).isEqualTo(Duration.ofSeconds(10));
  }
}
