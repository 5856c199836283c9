package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;

/** What is answered before a body has been read to its end, byte by byte over a socket. */
@OnSharedServers
class BodyLimitsTest {

  private static final String POST =
      "POST /webhooks/bitbucket/none HTTP/1.1\r\nHost: localhost\r\n";

  private static final int TOO_MUCH = 1024 * 1024 + 1;
  private static final Duration PATIENCE = Duration.ofMillis(400);

  private static TestParts parts;
  private static WebhookSide side;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts, PATIENCE, parts.context().http());
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
      socket.setSoTimeout(3_000);
      String request = POST + "Content-Length: " + TOO_MUCH + "\r\n\r\n";
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
  void aBodyThatDripsHasADeadline() throws IOException {
    assertThat(answerTo("Content-Length: 100\r\n\r\nonly this")).startsWith("HTTP/1.1 408");
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
    return talk(POST + rest);
  }

  /** Sends, and reads the answer. */
  private static String talk(String request) throws IOException {
    try (Socket socket = new Socket("localhost", side.url("").getPort())) {
      socket.setSoTimeout(3_000);
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
