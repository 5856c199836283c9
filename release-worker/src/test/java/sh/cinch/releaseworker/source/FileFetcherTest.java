package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileFetcherTest extends SourcesFixture {

  @Test
  void requestSaysWhatIsWantedAndNothingElse() {
    server.gives("the file");

    assertThat(all(content(open(8))).join()).isEqualTo("the file");
    HttpServerRequest request = server.onlyRequest();
    assertThat(request.method().name() + " " + request.uri())
        .isEqualTo("GET /app.zip?signature=s3cr3t");
    Map<String, String> headers = new TreeMap<>();
    request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    assertThat(headers)
        .isEqualTo(
            Map.of(
                "host", "files.example.com:" + server.port(),
                "accept", "*/*",
                "accept-encoding", "identity",
                "user-agent", "cinch"));
  }

  @Test
  void emptyPathIsTheRoot() {
    server.gives("the file");
    String host = "http://files.example.com:" + server.port();

    assertThat(all(content(sources().open(REPOSITORY, host + "?a=b", 8))).join())
        .isEqualTo("the file");
    assertThat(server.onlyRequest().uri()).isEqualTo("/?a=b");
  }

  @Test
  void usualPortIsNotInTheHostHeader() {
    WebAddress address = ((Source.Web) Source.read("https://files.example.com:443/a")).address();

    assertThat(address.server()).isEqualTo("files.example.com");
    assertThat(address).hasToString("https://files.example.com");
  }

  @Test
  void nothingPrintsTheQuery() {
    assertThat(Source.read(source()).toString()).doesNotContain("s3cr3t", "app.zip");
    server.gives("the file");
    assertThat(open(8).toString()).doesNotContain("s3cr3t", "app.zip");
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 206, 400, 401, 403, 404, 406, 410, 416, 451})
  void answerThatWillNotBecomeAnotherIsRefused(int status) {
    server.answers(status);

    assertThat(refused(open(8))).contains("files.example.com:", "answered " + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void answerThatMayBecomeAnotherIsWaitedFor(int status) {
    server.answers(status);

    assertThat(notNow(open(8))).contains("files.example.com:", "answered " + status);
  }

  @ParameterizedTest
  @CsvSource({"9, 8", "7, 8", "0, 8"})
  void otherLengthIsRefusedBeforeAnythingIsRead(int announced, int length) {
    server.gives("the file");

    assertThat(refused(open(announced)))
        .contains("has %d bytes at files.example.com".formatted(length))
        .contains("the request says " + announced);
  }

  @Test
  void emptyFileIsOne() {
    server.gives("");

    assertThat(all(content(open(0))).join()).isEmpty();
  }

  @Test
  void compressedFileIsRefused() {
    server.plays(
        request -> request.response().putHeader("Content-Encoding", "gzip").end("the file"));

    assertThat(refused(open(8))).contains("compressed");
  }

  @Test
  void identityIsNoCompression() {
    server.plays(
        request -> request.response().putHeader("Content-Encoding", "Identity").end("the file"));

    assertThat(all(content(open(8))).join()).isEqualTo("the file");
  }

  @Test
  void nameWithoutAddressIsWaitedFor() {
    names.forget("files.example.com");

    assertThat(notNow(open(8))).contains("files.example.com", "cannot be resolved now");
  }

  @Test
  void nobodyThereIsWaitedFor() throws IOException {
    try (Socket deaf = deaf()) {
      String host = "files.example.com:" + deaf.getLocalPort();

      assertThat(notNow(sources("", host).open(REPOSITORY, "http://" + host + "/a" + SIGNED, 8)))
          .isEqualTo(host + " cannot be connected to");
    }
  }

  @Test
  void nextAddressIsTriedWhereNobodyIs() {
    names.forget("files.example.com");
    names.are("files.example.com", "127.0.0.2", "127.0.0.1");
    server.gives("the file");

    assertThat(all(content(open(8))).join()).isEqualTo("the file");
  }

  @Test
  void connectionIsUsedOnce() {
    server.gives("the file");
    try (Sources sources = sources()) {
      assertThat(all(content(sources.open(REPOSITORY, source(), 8))).join()).isEqualTo("the file");
      assertThat(all(content(sources.open(REPOSITORY, source(), 8))).join()).isEqualTo("the file");
    }

    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void silenceIsGivenUp() {
    limits = new Limits(LONG, LONG, Duration.ofMillis(1100), LONG);
    server.plays(request -> {});

    assertThat(notNow(open(8))).contains("has not answered for 1 seconds");
  }

  @Test
  void headThatBreaksIsWaitedFor() {
    server.plays(request -> request.connection().close());

    assertThat(notNow(open(8))).contains("broke the connection off");
  }

  @Test
  void resolverThatHangsIsGivenUp() {
    var answer = new CompletableFuture<List<InetAddress>>();
    SourceRules rules = rules("files.example.com", "");
    var lookup =
        new SourceResolver(
            vertx, rules, host -> answer.join(), AddressRanges::reach, Duration.ofMillis(100));
    WebAddress address = ((Source.Web) Source.read("https://files.example.com/")).address();

    assertThat(lookup.find(address)).isInstanceOf(SourceResolver.Found.NotNow.class);

    answer.complete(List.of());
  }

  @Test
  void ipv6HostIsInBrackets() {
    server = new FileServer(vertx, new HttpServerOptions().setHost("::1"));
    server.gives("the file");
    String host = "[::1]:" + server.port();

    String bytes =
        all(content(sources("", host).open(REPOSITORY, "http://" + host + "/a", 8))).join();

    assertThat(bytes).isEqualTo("the file");
    assertThat(server.onlyRequest().getHeader("Host")).isEqualTo(host);
  }
}
