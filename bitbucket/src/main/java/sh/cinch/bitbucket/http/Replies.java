package sh.cinch.bitbucket.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What an answer, or its absence, comes to. */
final class Replies {
  private static final String HIDDEN = "[hidden]";

  private Replies() {}

  static Reply.Received received(
      Request request, int status, MultiMap headers, @Nullable Buffer body) {
    return new Reply.Received(
        status,
        headers.get("Content-Type"),
        text(request, status, body),
        RetryAfter.read(headers.get("Retry-After"), headers.get("Date")),
        RateLimit.read(headers.get("X-RateLimit-Limit"), headers.get("X-RateLimit-NearLimit")),
        headers.get("Location"),
        headers.get("X-Request-Id"));
  }

  private static String text(Request request, int status, @Nullable Buffer body) {
    String text = body == null ? "" : body.toString(StandardCharsets.UTF_8);
    if (status / 100 == 2) {
      // Whole, and never shown: a refresh may be answered with the very token it was made with.
      return text;
    }
    for (String secret : request.secrets()) {
      text = secret.isBlank() ? text : text.replace(secret, HIDDEN);
    }
    return text;
  }

  /** Tells the failure's class and not its message, which may quote what was sent. */
  static Reply.Lost lost(Request request, Throwable failure, Duration timeout) {
    return lost(
        request,
        failure,
        failure instanceof TimeoutException
            ? "no whole answer within %d ms".formatted(timeout.toMillis())
            : "the connection broke");
  }

  /**
   * @param why where it is not that no connection was made
   */
  static Reply.Lost lost(Request request, Throwable failure, String why) {
    boolean connected = !connectingFailed(failure);
    String what =
        "%s: %s (%s)"
            .formatted(
                request, connected ? why : "could not connect", failure.getClass().getSimpleName());
    return new Reply.Lost(what, connected);
  }

  /** Whatever is not known to have failed before a byte was sent counts as sent. */
  private static boolean connectingFailed(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof UnknownHostException
        || failure instanceof NoRouteToHostException
        || failure instanceof SSLHandshakeException;
  }
}
