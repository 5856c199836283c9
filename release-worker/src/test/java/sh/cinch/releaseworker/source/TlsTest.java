package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The connection goes to an address that was checked; the certificate is held against the name. */
@Execution(ExecutionMode.CONCURRENT)
class TlsTest extends SourcesFixture {

  private SelfSignedCertificate serving(String name) {
    var certificate = SelfSignedCertificate.create(name);
    server =
        new FileServer(
            vertx,
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setSsl(true)
                .setSni(true)
                .setKeyCertOptions(certificate.keyCertOptions()));
    server.gives("the file");
    return certificate;
  }

  private Opened open() {
    return sources()
        .open(REPOSITORY, "https://files.example.com:%d/a%s".formatted(server.port(), SIGNED), 8);
  }

  @Test
  void serverProvesTheNameThatWasAskedFor() {
    SelfSignedCertificate certificate = serving("files.example.com");
    client = new HttpClientOptions().setTrustOptions(certificate.trustOptions());

    assertThat(all(content(open())).join()).isEqualTo("the file");
    assertThat(server.onlyRequest().connection().indicatedServerName())
        .isEqualTo("files.example.com");
    assertThat(server.onlyRequest().getHeader("Host"))
        .isEqualTo("files.example.com:" + server.port());
  }

  @Test
  void certificateOfAnotherNameIsNotTaken() {
    SelfSignedCertificate certificate = serving("other.example.com");
    client = new HttpClientOptions().setTrustOptions(certificate.trustOptions());

    assertThat(notNow(open())).contains("a TLS certificate that is not valid for it");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void certificateOfNobodyKnownIsNotTaken() {
    SelfSignedCertificate unused = serving("files.example.com");

    assertThat(notNow(open())).contains("a TLS certificate that is not valid for it");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void serverWithoutTlsIsWaitedFor() {
    assertThat(notNow(open())).contains("files.example.com:" + server.port(), "fails at TLS");
  }

  @Test
  void downgradeByARedirectIsRefused() {
    SelfSignedCertificate certificate = serving("files.example.com");
    client = new HttpClientOptions().setTrustOptions(certificate.trustOptions());
    server.redirectsTo("http://files.example.com:%d/b".formatted(server.port()));

    assertThat(refused(open())).contains("redirects from https: to http:");
    assertThat(server.requests()).hasSize(1);
  }
}
