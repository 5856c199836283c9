package sh.cinch.bitbucket.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.RawServer;
import sh.cinch.bitbucket.http.Reply.Lost;
import sh.cinch.bitbucket.http.Reply.Received;

class TransportTest {
  private final RawServer server = new RawServer();
  private final Transport transport = new Transport(server.web(), Duration.ofSeconds(10));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aRefusedConnectionSentNothing() {
    URI nobody = server.closedUrl();

    assertThat(lost(transport.send(get(nobody))))
        .satisfies(lost -> assertThat(lost.mayHaveHappened()).isFalse())
        .satisfies(lost -> assertThat(lost.what()).contains("could not connect"));
  }

  @Test
  void anUnknownHostSentNothing() {
    URI nowhere = URI.create("http://nowhere.invalid");

    assertThat(lost(transport.send(get(nowhere))).mayHaveHappened()).isFalse();
  }

  @Test
  void aTlsHandshakeThatFailsSentNothing() {
    URI plain = URI.create(server.url().toString().replace("http:", "https:"));

    assertThat(lost(transport.send(get(plain))).mayHaveHappened()).isFalse();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aConnectionBrokenAfterTheRequestMayHaveDoneIt() {
    server.plays((seen, response) -> seen.hangUp());

    assertThat(lost(transport.send(get(server.url()))).mayHaveHappened()).isTrue();
  }

  @Test
  void anAnswerBrokenInTheMiddleMayHaveDoneIt() {
    server.plays(
        (seen, response) -> {
          response.putHeader("Content-Length", "100").write("{\"a\":");
          server.vertx().setTimer(50, id -> seen.hangUp());
        });

    assertThat(lost(transport.send(get(server.url()))).mayHaveHappened()).isTrue();
  }

  @Test
  void aServerThatHangsMayHaveDoneIt() {
    server.plays((seen, response) -> {});

    Lost lost = lost(transport.within(Duration.ofMillis(200)).send(get(server.url())));

    assertThat(lost.mayHaveHappened()).isTrue();
    assertThat(lost.what()).contains("no whole answer within 200 ms");
  }

  @Test
  void anAnswerThatDripsIsNotWaitedForLonger() {
    server.plays(
        (seen, response) -> {
          response.setChunked(true);
          server.vertx().setPeriodic(20, id -> response.write(" "));
        });

    Lost lost = lost(transport.within(Duration.ofMillis(300)).send(get(server.url())));

    assertThat(lost.what()).contains("no whole answer within 300 ms");
  }

  @Test
  void aRedirectIsNotFollowed() {
    server.plays(
        (seen, response) ->
            response.setStatusCode(302).putHeader("Location", server.url() + "/login").end());

    assertThat(received(transport.send(get(server.url()))).location())
        .isEqualTo(server.url() + "/login");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void retryAfterIsRead() {
    server.plays(
        (seen, response) -> response.setStatusCode(429).putHeader("Retry-After", "120").end());

    assertThat(received(transport.send(get(server.url()))).retryAfter())
        .isEqualTo(Optional.of(Duration.ofMinutes(2)));
  }

  @Test
  void anErrorsEchoOfTheCredentialIsHidden() {
    server.plays(
        (seen, response) ->
            response.setStatusCode(400).end("you sent " + seen.header("Authorization")));

    assertThat(received(transport.send(get(server.url()))).body())
        .isEqualTo("you sent Bearer [hidden]");
  }

  @Test
  void anAnswerThatIsNoErrorStaysWhole() {
    server.answersJson(200, "{\"access_token\":\"s3cret\"}");

    assertThat(received(transport.send(get(server.url()))).body())
        .isEqualTo("{\"access_token\":\"s3cret\"}");
  }

  @Test
  void neitherRequestNorReplyShowSecrets() {
    server.answersJson(200, "{\"access_token\":\"s3cret\"}");
    Request request = get(URI.create(server.url() + "/x?code=s3cret"));

    assertThat(request.toString()).isEqualTo("GET " + server.url() + "/x");
    assertThat(transport.send(request).toString()).isEqualTo("answered 200 (application/json)");
  }

  @Test
  void aVirtualThreadMayWait() throws Exception {
    server.answersJson(200, "{}");
    var reply = new CompletableFuture<Reply>();

    Thread.ofVirtual().start(() -> reply.complete(transport.send(get(server.url()))));

    assertThat(received(reply.get(10, TimeUnit.SECONDS)).status()).isEqualTo(200);
  }

  @Test
  void anEventLoopMayNot() {
    var attempt = new CompletableFuture<Reply>();
    server
        .vertx()
        .runOnContext(
            nothing -> {
              try {
                attempt.complete(transport.send(get(server.url())));
              } catch (IllegalStateException e) {
                attempt.completeExceptionally(e);
              }
            });

    assertThatThrownBy(() -> attempt.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  private static Request get(URI url) {
    return new Request(
        Request.Method.GET,
        url.toString(),
        Map.of("Authorization", "Bearer s3cret"),
        null,
        List.of("s3cret", ""));
  }

  private static Lost lost(Reply reply) {
    assertThat(reply).isInstanceOf(Lost.class);
    return (Lost) reply;
  }

  private static Received received(Reply reply) {
    assertThat(reply).isInstanceOf(Received.class);
    return (Received) reply;
  }
}
