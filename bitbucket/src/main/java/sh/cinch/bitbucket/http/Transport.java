package sh.cinch.bitbucket.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/** Sends one request and waits for all of its answer; for virtual threads. */
public final class Transport {
  private static final String HIDDEN = "[hidden]";

  private final WebClient web;
  private final Duration timeout;

  /**
   * @param timeout for the whole of a request, from connecting to the last byte of the answer
   */
  public Transport(WebClient web, Duration timeout) {
    this.web = web;
    this.timeout = timeout;
  }

  /** The same with another time limit. */
  public Transport within(Duration limit) {
    return new Transport(web, limit);
  }

  public Reply send(Request request) {
    HttpRequest<Buffer> http =
        web.requestAbs(HttpMethod.valueOf(request.method().name()), request.target())
            .putHeaders(MultiMap.caseInsensitiveMultiMap().addAll(request.headers()))
            .followRedirects(false)
            .timeout(timeout.toMillis());
    String body = request.body();
    Future<HttpResponse<Buffer>> sent =
        body == null ? http.send() : http.sendBuffer(Buffer.buffer(body));
    // The client's own limit starts anew with every byte; this one does not.
    Future<Reply> reply =
        sent.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .map(response -> received(request, response))
            .otherwise(failure -> lost(request, failure));
    return reply.await();
  }

  private static Reply received(Request request, HttpResponse<Buffer> response) {
    return new Reply.Received(
        response.statusCode(),
        response.getHeader("Content-Type"),
        text(request, response),
        RetryAfter.read(response.getHeader("Retry-After"), response.getHeader("Date")),
        response.getHeader("Location"));
  }

  private static String text(Request request, HttpResponse<Buffer> response) {
    Buffer body = response.body();
    String text = body == null ? "" : body.toString(StandardCharsets.UTF_8);
    if (response.statusCode() / 100 == 2) {
      // Whole, and never shown: a refresh may be answered with the very token it was made with.
      return text;
    }
    for (String secret : request.secrets()) {
      text = secret.isBlank() ? text : text.replace(secret, HIDDEN);
    }
    return text;
  }

  /** Tells the failure's class and not its message, which may quote what was sent. */
  private Reply lost(Request request, Throwable failure) {
    boolean connected = !connectingFailed(failure);
    String what =
        "%s: %s (%s)".formatted(request, why(failure), failure.getClass().getSimpleName());
    return new Reply.Lost(what, connected);
  }

  private String why(Throwable failure) {
    if (connectingFailed(failure)) {
      return "could not connect";
    }
    return failure instanceof TimeoutException
        ? "no whole answer within %d ms".formatted(timeout.toMillis())
        : "the connection broke";
  }

  /** Whatever is not known to have failed before a byte was sent counts as sent. */
  private static boolean connectingFailed(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof UnknownHostException
        || failure instanceof NoRouteToHostException
        || failure instanceof SSLHandshakeException;
  }
}
