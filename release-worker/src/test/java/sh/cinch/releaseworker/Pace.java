package sh.cinch.releaseworker;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How fast sources give what they have: as fast as it is taken, until it is slowed. */
final class Pace {

  static final int BYTES_A_SECOND = 40_000;

  private static final int PER_SECOND = 10;

  private volatile boolean slow;

  void slow() {
    slow = true;
  }

  /** Also what is on its way. */
  void free() {
    slow = false;
  }

  void answer(HttpServerResponse response, byte[] bytes) {
    response.putHeader("content-length", String.valueOf(bytes.length));
    write(Vertx.currentContext().owner(), response, bytes, 0);
  }

  private void write(Vertx vertx, HttpServerResponse response, byte[] bytes, int from) {
    if (response.closed()) {
      return;
    }
    int to = slow ? Math.min(from + BYTES_A_SECOND / PER_SECOND, bytes.length) : bytes.length;
    Buffer piece = Buffer.buffer(Arrays.copyOfRange(bytes, from, to));
    if (to == bytes.length) {
      response.end(piece);
      return;
    }
    response.write(piece);
    vertx
        .timer(1000 / PER_SECOND, TimeUnit.MILLISECONDS)
        .onSuccess(now -> write(vertx, response, bytes, to));
  }
}
