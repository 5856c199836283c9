package sh.cinch.bitbucket.http;

import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A request that was made, without its headers and bodies.
 *
 * @param status empty where no answer came
 * @param took until the answer, or until it was given up
 * @param requestId Bitbucket's own; null where it gave none
 */
public record Exchange(
    Request.Method method, OptionalInt status, Duration took, @Nullable String requestId) {

  static Exchange of(Request request, Reply reply, Duration took) {
    return switch (reply) {
      case Reply.Received received ->
          new Exchange(
              request.method(), OptionalInt.of(received.status()), took, received.requestId());
      case Reply.Lost lost -> new Exchange(request.method(), OptionalInt.empty(), took, null);
    };
  }
}
