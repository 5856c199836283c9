package sh.cinch.benchmark.load;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A request, byte for byte.
 *
 * @param text in ASCII; {@link #ID} in it is another id each time it is sent
 * @param push where it is one: that it goes on each time where the last one ended
 */
public record Request(String text, Optional<Push> push) {

  /** As long as a UUID. */
  public static final String ID = "00000000-0000-4000-8000-000000000000";

  /**
   * A request whose body has {@link #OLD} and {@link #NEW} where the commits are between which a
   * branch is moved, both near its end, and whose headers have {@link #SIGNATURE}.
   *
   * @param branch pushes to the same one follow each other
   * @param secret that the body is signed with
   */
  public record Push(String branch, String secret) {

    static final String COMMIT = "c0ffee".repeat(4) + "b2b2";

    public static final String OLD = COMMIT + "0".repeat(12);
    public static final String NEW = COMMIT + "1".repeat(12);
    public static final String SIGNATURE = "5".repeat(64);
  }

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
            .formatted(path, port, body.length(), headers, body),
        Optional.empty());
  }

  /** The same, signed anew each time. */
  public Request pushing(Push as) {
    return new Request(text, Optional.of(as));
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
