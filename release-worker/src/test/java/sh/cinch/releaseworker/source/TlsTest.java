package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The connection goes to an address that was checked; the certificate is held against the name. */
@Execution(ExecutionMode.CONCURRENT)
class TlsTest extends SourcesFixture {

  private X509Bundle serving(String name) {
    // What becomes of a handshake is asked here, and the first one of a JVM may take seconds.
    limits = new Limits(LONG, LONG, LONG, LONG);
    X509Bundle certificate = ofNobody(name);
    server =
        new FileServer(
            vertx,
            new HttpServerOptions()
                .setHost("127.0.0.1")
                .setSsl(true)
                .setSni(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(certificate.getCertificatePathPEM()))
                        .addKeyValue(Buffer.buffer(certificate.getPrivateKeyPEM()))));
    server.gives("the file");
    return certificate;
  }

  private static X509Bundle ofNobody(String name) {
    try {
      return new CertificateBuilder()
          .subject("CN=" + name)
          .addSanDnsName(name)
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void trust(X509Bundle certificate) {
    client =
        new HttpClientOptions()
            .setTrustOptions(
                new PemTrustOptions()
                    .addCertValue(Buffer.buffer(certificate.getRootCertificatePEM())));
  }

  private Opened open() {
    return sources()
        .open(REPOSITORY, "https://files.example.com:%d/a%s".formatted(server.port(), SIGNED), 8);
  }

  @Test
  void serverProvesTheNameThatWasAskedFor() {
    trust(serving("files.example.com"));

    assertThat(all(content(open())).join()).isEqualTo("the file");
    assertThat(server.onlyRequest().connection().indicatedServerName())
        .isEqualTo("files.example.com");
    assertThat(server.onlyRequest().getHeader("Host"))
        .isEqualTo("files.example.com:" + server.port());
  }

  @Test
  void certificateOfAnotherNameIsNotTaken() {
    trust(serving("other.example.com"));

    assertThat(notNow(open())).contains("a TLS certificate that is not valid for it");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void certificateOfNobodyKnownIsNotTaken() {
    X509Bundle unknown = serving("files.example.com");

    assertThat(unknown.isSelfSigned()).isTrue();
    assertThat(notNow(open())).contains("a TLS certificate that is not valid for it");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void serverWithoutTlsIsWaitedFor() {
    assertThat(notNow(open())).contains("files.example.com:" + server.port(), "fails at TLS");
  }

  @Test
  void downgradeByARedirectIsRefused() {
    trust(serving("files.example.com"));
    server.redirectsTo("http://files.example.com:%d/b".formatted(server.port()));

    assertThat(refused(open())).contains("redirects from https: to http:");
    assertThat(server.requests()).hasSize(1);
  }
}
