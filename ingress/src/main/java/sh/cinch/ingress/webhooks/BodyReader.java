package sh.cinch.ingress.webhooks;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Reads a body: so much of it and no more, for so long and no longer, whatever its Content-Length
 * says. Lives on the request's event loop.
 */
record BodyReader(Vertx vertx, Duration deadline) {

  static final int LARGEST = 1024 * 1024;

  /**
   * @param then called once, unless the sender goes away first
   */
  void read(HttpServerRequest request, Handler<Body> then) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (declaresMore(request)) {
      then.handle(new Body.NotTaken(DeliveryResponse.TOO_LARGE));
    } else if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      then.handle(new Body.NotTaken(DeliveryResponse.COMPRESSED));
    } else {
      collect(request, then);
    }
  }

  private static boolean declaresMore(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length != null && Long.parseLong(length) > LARGEST;
    } catch (NumberFormatException e) {
      return true; // more digits than any number has
    }
  }

  private void collect(HttpServerRequest request, Handler<Body> then) {
    Buffer collected = Buffer.buffer();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            late -> stop(request, then, new Body.NotTaken(DeliveryResponse.TOO_SLOW)));
    request.exceptionHandler(gone -> vertx.cancelTimer(timer));
    request.handler(
        chunk -> {
          if (collected.length() + chunk.length() > LARGEST) {
            vertx.cancelTimer(timer);
            stop(request, then, new Body.NotTaken(DeliveryResponse.TOO_LARGE));
          } else {
            collected.appendBuffer(chunk);
          }
        });
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          then.handle(new Body.Whole(collected));
        });
  }

  private static void stop(HttpServerRequest request, Handler<Body> then, Body body) {
    request.handler(null);
    request.endHandler(null);
    then.handle(body);
  }
}
