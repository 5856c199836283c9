package sh.cinch.benchmark.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is asked for, again and again.
 *
 * @param secret the caller's
 * @param body JSON without white space, since it travels in a line of words
 */
public record Target(int port, String path, String secret, String body) {

  static Target parse(String[] words) {
    return new Target(Integer.parseInt(words[0]), words[1], words[2], words[3]);
  }

  String words() {
    return "%d %s %s %s".formatted(port, path, secret, body);
  }

  ByteBuffer request() {
    String request =
        """
        POST %s HTTP/1.1\r
        Host: localhost:%d\r
        Authorization: Bearer %s\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        %s\
        """
            .formatted(path, port, secret, body.length(), body);
    return ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
  }
}
