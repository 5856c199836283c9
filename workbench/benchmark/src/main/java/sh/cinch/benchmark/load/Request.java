package sh.cinch.benchmark.load;

import java.nio.charset.StandardCharsets;

/**
 * A request, byte for byte.
 *
 * @param text in ASCII; {@link #ID} in it is another id each time it is sent
 */
public record Request(String text) {

  /** As long as a UUID. */
  public static final String ID = "00000000-0000-4000-8000-000000000000";

  public static Request post(int port, String path, String headers, String body) {
    return new Request(
        """
        POST %s HTTP/1.1\r
        Host: localhost:%d\r
        Content-Type: application/json\r
        Content-Length: %d\r
        %s\r
        %s\
        """
            .formatted(path, port, body.length(), headers, body));
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
