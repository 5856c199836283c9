package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;

/** Of whoever is not known no body is read: the answer comes though not a byte of it does. */
@OnStack
class UnreadBodiesTest {

  private final Stack stack;

  UnreadBodiesTest(Stack stack) {
    this.stack = stack;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Authorization: Bearer wrong\r\n", "Cookie: cinch_session=wrong\r\n"})
  void theApiKnowsWhoCallsFirst(String headers) throws IOException {
    assertThat(
            answer(
                "POST /api/v1/releases HTTP/1.1\r\nHost: a\r\n"
                    + headers
                    + "Content-Type: application/json\r\nContent-Length: 500000\r\n\r\n"))
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase("connection: close");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Authorization: Basic cnVubmVyOndyb25n\r\n"})
  void gitShowsItsTokenFirst(String headers) throws IOException {
    assertThat(
            answer(
                "POST /git/%s/git-upload-pack HTTP/1.1\r\nHost: a\r\n".formatted(UUID.randomUUID())
                    + headers
                    + "Content-Type: application/x-git-upload-pack-request\r\n"
                    + "Content-Length: 500000\r\n\r\n"))
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase("connection: close");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Cookie: cinch_session=wrong\r\n"})
  void aFormNeedsItsSessionFirst(String headers) throws IOException {
    assertThat(
            answer(
                "POST /connect HTTP/1.1\r\nHost: a\r\n"
                    + headers
                    + "Content-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 60000\r\n\r\n"))
        .startsWith("HTTP/1.1 401 ")
        .containsIgnoringCase("connection: close");
  }

  @Test
  void aDeliveryNeedsItsHookFirst() throws IOException {
    assertThat(
            answer(
                "POST /webhooks/bitbucket/%s HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
                    .formatted(UUID.randomUUID())))
        .startsWith("HTTP/1.1 401 ");
  }

  @Test
  void theManagementPortReadsNone() throws IOException {
    assertThat(
            answer(
                stack.managementUrl().getPort(),
                "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("connection: close");
  }

  @Test
  void whatCannotBeDecodedLeavesNoLine() throws IOException {
    List<String> before = stack.log().lines();
    String code = "code-" + UUID.randomUUID();

    assertThat(
            answer(
                "GET /auth/bitbucket/callback?code="
                    + code
                    + "&state=abc% HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .doesNotContain(code);
    assertThat(stack.log().lines().subList(before.size(), stack.log().lines().size()))
        .noneMatch(line -> line.contains(code) || line.contains("callback"));
  }

  private String answer(String request) throws IOException {
    return answer(stack.url().getPort(), request);
  }

  /** All that comes until the other end closes, which it does. */
  private static String answer(int port, String request) throws IOException {
    try (Socket socket = new Socket("localhost", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
