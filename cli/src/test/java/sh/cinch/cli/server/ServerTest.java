package sh.cinch.cli.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that say nothing, which no HTTP server can play. */
class ServerTest {

  private static final int MIB = 1024 * 1024;

  /** Long enough for a busy machine to send what it can. */
  private static final Duration STANDSTILL = Duration.ofSeconds(3);

  private final CountDownLatch over = new CountDownLatch(1);
  private ServerSocket socket;
  @TempDir private Path folder;

  @BeforeEach
  void listen() throws IOException {
    socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    over.countDown();
    socket.close();
  }

  @Test
  void aBodyThatNobodyTakesIsGivenUp() throws IOException {
    answering("HTTP/1.1 100 Continue\r\n\r\n", false);
    assertThat(put(file(32 * MIB)))
        .isInstanceOfSatisfying(
            Answer.Away.class, away -> assertThat(away.why()).isEqualTo("nothing moved for 3 s"));
  }

  @Test
  void anAnswerThatNeverComesIsNotWaitedForEither() throws IOException {
    answering("HTTP/1.1 100 Continue\r\n\r\n", true);
    assertThat(put(file(MIB)))
        .isInstanceOfSatisfying(
            Answer.Away.class, away -> assertThat(away.why()).contains("whether it has it all"));
  }

  @Test
  void whoAnswersBeforeTheBodyGetsNoneOfIt() throws IOException {
    answering(
        """
        HTTP/1.1 200 OK
        Content-Length: 10

        {"id":"a"}\
        """
            .replace("\n", "\r\n"),
        false);
    Outgoing content = new Outgoing(file(MIB), 0, MIB, reached -> {});
    assertThat(server().put("/artifacts", content, Map.of())).isInstanceOf(Answer.Done.class);
    assertThat(content.position()).isZero();
  }

  private Answer put(Path file) throws IOException {
    return server()
        .put("/artifacts", new Outgoing(file, 0, Files.size(file), reached -> {}), Map.of());
  }

  private Server server() {
    return new Server(
        new Address(URI.create("http://localhost:" + socket.getLocalPort()), "cinch_t"),
        STANDSTILL);
  }

  private Path file(int size) throws IOException {
    return Files.write(folder.resolve("file"), new byte[size]);
  }

  /** Whoever connects gets this once the head of the request is there, and then nothing. */
  private void answering(String answer, boolean reading) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket caller = socket.accept()) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                  head.append((char) caller.getInputStream().read());
                }
                caller.getOutputStream().write(answer.getBytes(US_ASCII));
                if (reading) {
                  caller.getInputStream().readNBytes(MIB);
                }
                over.await();
              } catch (IOException | InterruptedException e) {
                // The test is over.
              }
            });
  }
}
