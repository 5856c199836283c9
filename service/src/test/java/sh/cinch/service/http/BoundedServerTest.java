package sh.cinch.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.service.Backends;
import sh.cinch.testkit.LogSpy;

/** What any port of ours lets in, byte by byte. */
class BoundedServerTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n";
  private static final int MOST = 6;
  private static final int UNTAKEN = 20 << 20;

  private final OpenConnections connections = new OpenConnections(MOST, UNTAKEN);
  private final BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
  private final List<Integer> pieces = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() {
    server = listen(new Conversation.Times(LONG, LONG, SHORT));
  }

  @AfterEach
  void stop() {
    server.close().await();
  }

  private HttpServer listen(Conversation.Times times) {
    return BoundedServer.listen(
        Backends.context().vertx(),
        new HttpServerOptions().setHost("localhost").setPort(0),
        new HttpBounds(new BodiesInFlight(1 << 20), connections, TrustedProxies.NONE),
        times,
        this::answer);
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/held" -> held.add(request);
      case "/body" -> {
        request.handler(piece -> pieces.add(piece.length()));
        request.endHandler(end -> request.response().end("body\n"));
      }
      case "/large" -> request.response().end(Buffer.buffer(new byte[12 << 20]));
      case "/paused" -> {
        request.pause();
        held.add(request);
      }
      default -> request.response().end(request.path() + "\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 4\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-One: two\r\n three\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-One: two\r\n\tthree\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
        "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET x HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /% HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%c3x%b6 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a\u001b]0;x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /?code=SECRET&state=abc% HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /?q=%ed%a0%80 HTTP/1.1\r\nHost: a\r\n\r\n",
      })
  void whatCouldMeanTwoThingsIsNoRequest(String request) throws IOException {
    try (LogSpy log = new LogSpy();
        Talk talk = new Talk(server.actualPort())) {
      talk.say(request);

      assertThat(talk.answer()).containsPattern("^HTTP/1.[01] 400 ").doesNotContain("SECRET");
      assertThat(talk.ends()).isTrue();
      assertThat(log.lines()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: A\r\n\r\n",
        "GET /%C3%B6?q=%E2%82%AC+%F0%9F%8D%BA&x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Spaces:   two  \r\n\r\n",
        "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\n x\n ",
      })
  void whatMeansOneThingIsAnswered(String request) throws IOException {
    try (Talk talk = new Talk(server.actualPort())) {
      assertThat(talk.say(request).answer()).contains(" 200 ");
    }
  }

  @Test
  void aHeadMayComeInAnyPieces() throws IOException {
    try (Talk talk = new Talk(server.actualPort())) {
      for (char c : (GET + "X-A: b\r\n\r\n").toCharArray()) {
        talk.say(String.valueOf(c));
      }
      assertThat(talk.answer()).startsWith("HTTP/1.1 200 ");

      for (char c : (GET + "X-A: b\r\n c\r\n\r\n").toCharArray()) {
        talk.say(String.valueOf(c));
      }
      assertThat(talk.answer()).contains(" 400 ");
    }
  }

  @Test
  void noCleartextHttp2IsSpoken() throws IOException {
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

      assertThat(talk.answer()).contains(" 400 ");
      assertThat(talk.ends()).isTrue();
    }
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say(GET + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n");
      talk.say("HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n");

      assertThat(talk.answer()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void aHundredHeadersAreEnough() throws IOException {
    try (Talk talk = new Talk(server.actualPort())) {
      assertThat(talk.say(GET + "a: b\r\n".repeat(99) + "\r\n").answer()).contains(" 200 ");
      assertThat(talk.say(GET + "a: b\r\n".repeat(100) + "\r\n").answer()).contains(" 431 ");
      assertThat(talk.ends()).isTrue();
    }
  }

  @Test
  void aLongAddressAndLongHeadersAreRefused() throws IOException {
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(talk.answer()).contains(" 414 ");
    }
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say(GET + "a: " + "b".repeat(17_000) + "\r\n\r\n");
      assertThat(talk.answer()).contains(" 431 ");
    }
  }

  @Test
  void aHeadThatDripsHasADeadline() throws IOException {
    HttpServer hasty = listen(new Conversation.Times(SHORT, LONG, SHORT));
    try (Talk first = new Talk(hasty.actualPort());
        Talk later = new Talk(hasty.actualPort());
        Talk silent = new Talk(hasty.actualPort())) {
      first.say("GET / HT");
      assertThat(later.say(GET + "\r\n").answer()).contains(" 200 ");
      later.say("GET / HT");

      assertThat(first.ends()).isTrue();
      assertThat(later.ends()).isTrue();
      assertThat(silent.ends()).isTrue();
    } finally {
      hasty.close().await();
    }
  }

  @Test
  void aConnectionWithNothingToSayAfterAnAnswerEnds() throws IOException {
    HttpServer hasty = listen(new Conversation.Times(Duration.ofSeconds(2), SHORT, SHORT));
    try (Talk talk = new Talk(hasty.actualPort())) {
      assertThat(talk.say(GET + "\r\n").answer()).contains(" 200 ");

      assertThat(talk.ends()).isTrue();
    } finally {
      hasty.close().await();
    }
  }

  @Test
  void aNewConnectionTakesThePlaceOfTheIdlest() throws IOException {
    try (Talk idlest = new Talk(server.actualPort())) {
      awaitOpen(1);
      for (int i = 1; i < MOST; i++) {
        Talk idle = new Talk(server.actualPort());
        assertThat(idle.say(GET + "\r\n").answer()).contains(" 200 ");
      }
      try (Talk fresh = new Talk(server.actualPort())) {
        assertThat(fresh.say(GET + "\r\n").answer()).contains(" 200 ");
        assertThat(idlest.ends()).isTrue();
      }
      awaitOpen(MOST - 1);
    }
  }

  @Test
  void whereAllAreAtWorkANewConnectionIsRefused() throws Exception {
    // Kept: one that is collected is closed, and leaves room.
    List<Talk> atWork = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      atWork.add(new Talk(server.actualPort()).say("GET /held HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    await().until(() -> held.size() == MOST);
    try (Talk refused = new Talk(server.actualPort())) {
      assertThat(refused.ends()).isTrue();
    }
    held.take().response().end();
    await()
        .untilAsserted(
            () -> {
              try (Talk next = new Talk(server.actualPort())) {
                assertThat(next.say(GET + "\r\n").answer()).contains(" 200 ");
              }
            });
    for (Talk each : atWork) {
      each.close();
    }
  }

  @Test
  void whoHasNotTakenTheirAnswerForLongestMakesWay() throws IOException {
    try (Talk slowest = new Talk(server.actualPort());
        Talk next = new Talk(server.actualPort())) {
      slowest.say("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
      awaitOpen(2);
      assertThat(slowest.answer().length()).isGreaterThan(12 << 20);
      slowest.say("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(slowest::isAnswered);
      next.say("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(next.answer().length()).isGreaterThan(12 << 20);
      assertThat(slowest.ends()).isTrue();
    }
  }

  private void awaitOpen(int count) {
    await().until(() -> connections.open() == count);
  }

  @Test
  void requestsSentAheadAreAnsweredOneAfterTheOther() throws Exception {
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
      talk.say("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy");
      talk.say("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
      talk.say("GET /last HTTP/1.1\r\nHost: a\r\n\r\n");
      HttpServerRequest first = held.take();
      assertThat(held.poll(200, TimeUnit.MILLISECONDS)).isNull();

      first.response().end("first\n");

      assertThat(talk.answer()).endsWith("first\n");
      assertThat(talk.answer()).endsWith("body\n");
      held.take().response().end("second\n");
      assertThat(talk.answer()).endsWith("second\n");
      assertThat(talk.answer()).endsWith("/last\n");
    }
  }

  @Test
  void whoSendsAheadTooMuchIsCutOff() throws Exception {
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
      held.take();
      try {
        talk.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3_000));
      } catch (IOException cutOffAlready) {
        // as it should be
      }
      assertThat(talk.ends()).isTrue();
    }
  }

  @Test
  void tinyChunksAreHandedOnTogether() throws IOException {
    String chunks = "1\r\nx\r\n".repeat(5_000);
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say("POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      talk.say(chunks + "0\r\n\r\n");

      assertThat(talk.answer()).endsWith("body\n");
      assertThat(pieces.stream().mapToInt(Integer::intValue).sum()).isEqualTo(5_000);
      assertThat(pieces).hasSizeLessThan(100);
      assertThat(talk.say(GET + "\r\n").answer()).contains(" 200 ");
    }
  }

  @Test
  void aBodyThatGoesOnAfterTheAnswerEndsWithItsConnection() throws IOException {
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc");

      assertThat(talk.answer()).contains(" 200 ").containsIgnoringCase("connection: close");
      talk.say("and more");
      assertThat(talk.ends()).isTrue();
    }
  }

  @Test
  void aBodyThatNobodyReadIsDroppedAndTheConnectionGoesOn() throws Exception {
    try (Talk talk = new Talk(server.actualPort())) {
      talk.say("POST /paused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      held.take().response().end("unread\n");

      assertThat(talk.answer()).endsWith("unread\n");
      assertThat(talk.say("GET /next HTTP/1.1\r\nHost: a\r\n\r\n").answer()).endsWith("/next\n");
    }
  }
}
