package sh.cinch.ingress.webhooks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.testkit.PushBody.hash;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.service.http.BodiesInFlight;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.OpenConnections;
import sh.cinch.service.http.TrustedProxies;
import sh.cinch.testkit.PushBody.Change;

/** What is answered before a body has been read to its end, byte by byte over a socket. */
@OnSharedServers
class BodyLimitsTest {

  private static final String POST_BY_UUID =
      "POST /webhooks/bitbucket HTTP/1.1\r\nHost: localhost\r\n";

  private static final Change A_CHANGE = Change.branch("main", hash('a'), hash('b'));
  private static final int TOO_MUCH = 1024 * 1024 + 1;
  private static final int A_LOADED_MACHINE = 30_000;
  private static final Duration PATIENCE = Duration.ofMillis(400);

  private static TestParts parts;
  private static WebhookSide side;
  private static BodiesInFlight bodies;
  private static Connected connected;
  private static String post;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    bodies = new BodiesInFlight(BodiesInFlight.forLargest(TOO_MUCH));
    side =
        new WebhookSide(
            parts,
            PATIENCE,
            new HttpBounds(bodies, new OpenConnections(500, TOO_MUCH), TrustedProxies.NONE));
    connected = side.connect();
    post = "POST " + connected.url().getPath() + " HTTP/1.1\r\nHost: localhost\r\n";
  }

  @AfterAll
  static void stop() {
    side.close();
    parts.close();
  }

  @Test
  void aDeclaredLengthIsEnough() throws IOException {
    assertThat(answerTo("Content-Length: " + TOO_MUCH + "\r\n\r\n")).startsWith("HTTP/1.1 413");
  }

  @Test
  void anAbsurdLengthTooIsAnswered() throws IOException {
    assertThat(answerTo("Content-Length: 99999999999999999999\r\n\r\n")).startsWith("HTTP/1.1 4");
  }

  @Test
  void aBodyWithoutLengthIsCounted() throws IOException {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";

    assertThat(answerTo("Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17)))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  void exactlyOneMebibyteIsRead() throws IOException {
    assertThat(
            answerTo("Content-Length: " + (TOO_MUCH - 1) + "\r\n\r\n" + "x".repeat(TOO_MUCH - 1)))
        .startsWith("HTTP/1.1 401");
  }

  @Test
  void whatFollowsIsNotTakenForAnotherRequest() throws IOException {
    try (Socket socket = new Socket("localhost", side.url("").getPort())) {
      socket.setSoTimeout(A_LOADED_MACHINE);
      String request = post + "Content-Length: " + TOO_MUCH + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      assertThat(firstAnswer(socket)).containsIgnoringCase("connection: close");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aCompressedBodyIsNotOpened() throws IOException {
    assertThat(answerTo("Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"))
        .startsWith("HTTP/1.1 415");
  }

  @Test
  void anEncodingThatIsNoneIsFine() throws IOException {
    assertThat(answerTo("Content-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc"))
        .startsWith("HTTP/1.1 401");
  }

  @Test
  void aBodyThatDripsHasADeadlineAndMayComeAgain() throws IOException {
    assertThat(answerTo("Content-Length: 100\r\n\r\nonly this"))
        .startsWith("HTTP/1.1 503")
        .containsIgnoringCase("retry-after");
  }

  @Test
  void aBodyThatGoesOnDrippingHasTheSameDeadline() throws Exception {
    try (Socket socket = new Socket("localhost", side.url("").getPort())) {
      socket.setSoTimeout(A_LOADED_MACHINE);
      OutputStream out = socket.getOutputStream();
      out.write((post + "Content-Length: 1000000\r\n\r\n").getBytes(US_ASCII));
      Thread dripping = Thread.startVirtualThread(() -> drip(out));

      assertThat(firstAnswer(socket))
          .startsWith("HTTP/1.1 503")
          .containsIgnoringCase("retry-after")
          .endsWith("the body came too slowly\n");
      dripping.interrupt();
      dripping.join();
    }
  }

  /** What takes its time is not held back for as long again. */
  @Test
  void theTimeOfABodyCountsFromItsHead() throws IOException {
    Duration before = side.answering();

    assertThat(answerTo("Content-Length: 100\r\n\r\nonly this")).startsWith("HTTP/1.1 503");

    assertThat(side.answering().minus(before)).isGreaterThanOrEqualTo(PATIENCE);
  }

  private static void drip(OutputStream out) {
    try {
      while (true) {
        out.write(new byte[2048]);
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException over) {
      // It was answered.
    }
  }

  @Test
  void ofAnUnknownHookNoBodyIsRead() throws IOException {
    String unknown =
        "POST /webhooks/bitbucket/%s HTTP/1.1\r\nHost: a\r\n".formatted(UUID.randomUUID());

    assertThat(talk(unknown + "Content-Length: 100\r\n\r\nonly this")).startsWith("HTTP/1.1 401");
    assertThat(talk(POST_BY_UUID + "Content-Length: 100\r\n\r\n")).startsWith("HTTP/1.1 401");
  }

  @Test
  void whatIsDeclaredIsRefusedBeforeTheHookIsKnown() throws IOException {
    assertThat(talk(POST_BY_UUID + "Content-Length: " + TOO_MUCH + "\r\n\r\n"))
        .startsWith("HTTP/1.1 413");
    assertThat(
            talk(
                POST_BY_UUID
                    + "Content-Encoding: gzip\r\nContent-Length: "
                    + TOO_MUCH
                    + "\r\n\r\n"))
        .startsWith("HTTP/1.1 415");
  }

  @Test
  void oneHookHoldsAnEighthButForSmallBodiesAndAnotherIsTaken() throws IOException {
    Connected other = side.connect();
    try (Socket holding = new Socket("localhost", side.url("").getPort())) {
      byte[] most = new byte[TOO_MUCH - 20_000];
      holding
          .getOutputStream()
          .write((post + "Content-Length: " + (TOO_MUCH - 1) + "\r\n\r\n").getBytes(US_ASCII));
      holding.getOutputStream().write(most);
      await().until(() -> bodies.bytes() >= most.length);

      assertThat(answerTo("Content-Length: 100000\r\n\r\n" + "x".repeat(100_000)))
          .startsWith("HTTP/1.1 503")
          .containsIgnoringCase("retry-after")
          .containsIgnoringCase("connection: close");
      assertThat(side.answers(503, "no-room-for-body")).isPositive();
      assertThat(other.delivery(other.push(A_CHANGE)).status()).isEqualTo(202);
      assertThat(connected.delivery(connected.push(A_CHANGE)).status()).isEqualTo(202);
    }
    await().until(() -> bodies.bytes() == 0);
  }

  @Test
  void whatWasHeldIsGivenBackWithTheAnswer() throws IOException {
    assertThat(connected.delivery(connected.push(A_CHANGE)).status()).isEqualTo(202);
    assertThat(answerTo("Content-Length: 3\r\n\r\nabc")).startsWith("HTTP/1.1 401");

    await().until(() -> bodies.bytes() == 0);
  }

  @Test
  void aLengthThatLiesIsCut() throws IOException {
    assertThat(answerTo("Content-Length: 3\r\n\r\nabcdef")).startsWith("HTTP/1.1 401");
  }

  @Test
  void otherMethodsAreNot() throws IOException {
    String answer = talk("GET /webhooks/bitbucket/x HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 405").containsIgnoringCase("allow: POST");
  }

  private static String answerTo(String rest) throws IOException {
    return talk(post + rest);
  }

  /** Sends, and reads the answer. */
  private static String talk(String request) throws IOException {
    try (Socket socket = new Socket("localhost", side.url("").getPort())) {
      socket.setSoTimeout(A_LOADED_MACHINE);
      OutputStream out = socket.getOutputStream();
      try {
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
      } catch (SocketException closedEarly) {
        // The answer is there to be read all the same.
      }
      return firstAnswer(socket);
    }
  }

  /** Every answer of ours ends in a bare line feed, no header does. */
  private static String firstAnswer(Socket socket) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] some = new byte[4096];
    int count = socket.getInputStream().read(some);
    while (count >= 0) {
      answer.write(some, 0, count);
      String text = answer.toString(StandardCharsets.UTF_8);
      if (text.endsWith("\n") && !text.endsWith("\r\n")) {
        return text;
      }
      count = socket.getInputStream().read(some);
    }
    return answer.toString(StandardCharsets.UTF_8);
  }
}
