package sh.cinch.ingress.web.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.http.BodyReader;
import sh.cinch.service.http.Problem;

/**
 * The body of a request, read by a virtual thread: only once it is asked for, and then no faster
 * than it is taken. The sender is held back by the network meanwhile.
 */
final class RequestBody {

  /** Bytes that may be here before they are taken. */
  static final int HELD = 64 * 1024;

  /** The same in pieces, of about 8 KiB each. */
  private static final int AHEAD = 8;

  /**
   * What a sender must keep to.
   *
   * @param bytes of whatever it takes to send them
   */
  record Rate(long bytes, Duration in) {}

  private sealed interface Piece {
    record Bytes(Buffer buffer) implements Piece {}

    record End() implements Piece {}

    record Broken(Throwable why) implements Piece {}
  }

  private final HttpServerRequest request;
  private final Context eventLoop;
  private final Rate least;
  private final LongSupplier nanos;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private int taken;
  private long waited;
  private long came;

  private RequestBody(HttpServerRequest request, Vertx vertx, Rate least, LongSupplier nanos) {
    this.request = request;
    this.eventLoop = vertx.getOrCreateContext();
    this.least = least;
    this.nanos = nanos;
  }

  /** To be called on the event loop, when the request comes in: nothing of its body is read yet. */
  static RequestBody held(HttpServerRequest request, Vertx vertx, Rate least) {
    return held(request, vertx, least, System::nanoTime);
  }

  static RequestBody held(HttpServerRequest request, Vertx vertx, Rate least, LongSupplier nanos) {
    RequestBody body = new RequestBody(request, vertx, least, nanos);
    request.pause();
    request.handler(buffer -> body.pieces.add(new Piece.Bytes(buffer)));
    request.endHandler(end -> body.pieces.add(new Piece.End()));
    request.exceptionHandler(why -> body.pieces.add(new Piece.Broken(why)));
    return body;
  }

  /** The sender may begin; one that waits to be told so is told. */
  void open() {
    eventLoop.runOnContext(
        now -> {
          BodyReader.invite(request);
          request.fetch(AHEAD);
        });
  }

  /**
   * The next bytes; empty at the end.
   *
   * @throws IOException where the connection broke
   * @throws Problem 408 where too little comes
   */
  Optional<byte[]> next() throws IOException, InterruptedException {
    return switch (awaited()) {
      case null ->
          throw new Problem(
              408,
              "Too slow",
              "Less than %d bytes have come in %d seconds. Send the rest with a Content-Range."
                  .formatted(least.bytes(), least.in().toSeconds()));
      case Piece.Bytes(Buffer buffer) -> {
        came += buffer.length();
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

  /** Null where the sender is too slow; what they wait for us does not count. */
  private @Nullable Piece awaited() throws InterruptedException {
    long window = least.in().toNanos();
    Piece piece = null;
    while (piece == null) {
      if (waited >= window) {
        if (came < least.bytes()) {
          return null;
        }
        waited = 0;
        came = 0;
      }
      long since = nanos.getAsLong();
      piece = pieces.poll(window - waited, TimeUnit.NANOSECONDS);
      waited += nanos.getAsLong() - since;
    }
    return piece;
  }
}
