package sh.cinch.simulator.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What was sent, as a stream: no more is taken from the connection than is read. */
final class RequestStream extends InputStream {
  private sealed interface Piece {
    record Bytes(Buffer buffer) implements Piece {}

    record End() implements Piece {}

    record Torn() implements Piece {}
  }

  private final Context loop;
  private final HttpServerRequest request;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private Buffer piece = Buffer.buffer();
  private int position;
  private boolean isOver;

  private RequestStream(Context loop, HttpServerRequest request) {
    this.loop = loop;
    this.request = request;
  }

  /** To be made where the request came in, on its event loop. */
  static RequestStream of(Vertx vertx, HttpServerRequest request) {
    var stream = new RequestStream(vertx.getOrCreateContext(), request);
    request.pause();
    request.handler(buffer -> stream.pieces.add(new Piece.Bytes(buffer)));
    request.endHandler(end -> stream.pieces.add(new Piece.End()));
    request.exceptionHandler(torn -> stream.pieces.add(new Piece.Torn()));
    return stream;
  }

  /** Nobody reads what else comes. */
  void discard() {
    loop.runOnContext(
        now -> {
          if (!request.isEnded()) {
            request.handler(buffer -> {});
            request.resume();
          }
        });
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position == piece.length()) {
      if (isOver) {
        return -1;
      }
      next();
    }
    int taken = Math.min(length, piece.length() - position);
    piece.getBytes(position, position + taken, to, from);
    position += taken;
    return taken;
  }

  @Override
  public int available() {
    return piece.length() - position;
  }

  private void next() throws IOException {
    loop.runOnContext(now -> request.fetch(1));
    try {
      switch (pieces.take()) {
        case Piece.Bytes(Buffer buffer) -> {
          piece = buffer;
          position = 0;
        }
        case Piece.End() -> isOver = true;
        case Piece.Torn() -> throw new IOException("the caller is gone");
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted while a body was read", e);
    }
  }
}
