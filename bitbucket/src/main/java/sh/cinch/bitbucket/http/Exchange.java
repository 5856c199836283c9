package sh.cinch.bitbucket.http;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A request that was made, without its headers and bodies.
 *
 * @param status empty where no answer came
 * @param took until the answer, or until it was given up
 * @param requestId Bitbucket's own; null where it gave none
 * @param retryAfter where the answer asks to wait
 * @param limit that it counts against, where the answer tells it
 */
public record Exchange(
    Request.Method method,
    OptionalInt status,
    Duration took,
    @Nullable String requestId,
    Optional<Duration> retryAfter,
    Optional<RateLimit> limit) {

  static Exchange of(Request request, Reply reply, Duration took) {
    return switch (reply) {
      case Reply.Received received ->
          new Exchange(
              request.method(),
              OptionalInt.of(received.status()),
              took,
              received.requestId(),
              received.retryAfter(),
              received.limit());
      case Reply.Lost lost ->
          new Exchange(
              request.method(),
              OptionalInt.empty(),
              took,
              null,
              Optional.empty(),
              Optional.empty());
    };
  }
}
