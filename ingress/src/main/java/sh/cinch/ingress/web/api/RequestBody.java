package sh.cinch.ingress.web.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sh.cinch.service.http.Problem;

/**
 * The body of a request, read by a virtual thread: only once it is asked for, and then no faster
 * than it is taken. The sender is held back by the network meanwhile.
 */
final class RequestBody {

  /** Pieces, of at most 8 KiB each, that may be here before they are taken. */
  private static final int AHEAD = 64;

  /** How long the rest is let in and dropped, so that the sender gets to read our answer. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  private sealed interface Piece {
    record Bytes(Buffer buffer) implements Piece {}

    record End() implements Piece {}

    record Broken(Throwable why) implements Piece {}
  }

  private final HttpServerRequest request;
  private final Vertx vertx;
  private final Context eventLoop;
  private final Duration patience;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private int taken;
  private volatile boolean unwanted;
  private volatile boolean ended;

  private RequestBody(HttpServerRequest request, Vertx vertx, Duration patience) {
    this.request = request;
    this.vertx = vertx;
    this.eventLoop = vertx.getOrCreateContext();
    this.patience = patience;
  }

  /**
   * To be called on the event loop, when the request comes in: nothing of its body is read yet.
   *
   * @param patience how long the next piece may take
   */
  static RequestBody held(HttpServerRequest request, Vertx vertx, Duration patience) {
    RequestBody body = new RequestBody(request, vertx, patience);
    request.pause();
    request.handler(
        buffer -> {
          if (!body.unwanted) {
            body.pieces.add(new Piece.Bytes(buffer));
          }
        });
    request.endHandler(
        end -> {
          body.ended = true;
          body.pieces.add(new Piece.End());
        });
    request.exceptionHandler(why -> body.pieces.add(new Piece.Broken(why)));
    return body;
  }

  /** The sender may begin; one that waits to be told so is told. */
  void open() {
    eventLoop.runOnContext(
        now -> {
          if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
          }
          request.fetch(AHEAD);
        });
  }

  /**
   * The next bytes; empty at the end.
   *
   * @throws IOException where the connection broke
   * @throws Problem 408 where nothing comes
   */
  Optional<byte[]> next() throws IOException, InterruptedException {
    Piece piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    return switch (piece) {
      case null ->
          throw new Problem(
              408,
              "Too slow",
              "Nothing has come for %d seconds. Send the rest with a Content-Range."
                  .formatted(patience.toSeconds()));
      case Piece.Bytes(Buffer buffer) -> {
        taken++;
        if (taken % (AHEAD / 2) == 0) {
          eventLoop.runOnContext(now -> request.fetch(AHEAD / 2));
        }
        yield Optional.of(buffer.getBytes());
      }
      case Piece.End() -> Optional.empty();
      case Piece.Broken(Throwable why) -> throw new IOException("the connection broke", why);
    };
  }

  /**
   * To be called before the answer: whatever else comes on this connection is not for us.
   *
   * @param dropping whether the sender is known: then it may finish a short rest first
   */
  void leave(boolean dropping) {
    if (ended) {
      return;
    }
    unwanted = true;
    request
        .response()
        .putHeader(HttpHeaders.CONNECTION, "close")
        .endHandler(
            answered -> vertx.setTimer(LINGER.toMillis(), over -> request.connection().close()));
    if (dropping) {
      eventLoop.runOnContext(now -> request.resume());
    }
  }
}
