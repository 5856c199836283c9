package sh.cinch.benchmark.source;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The process that hands files out as the ingress does: its port is the first line it writes, and
 * for each line it reads it writes how long it was handing out since the line before.
 */
public final class Main {

  private final Buffer block = Content.block();
  private long first;
  private long last;

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    Main source = new Main();
    HttpServer server =
        vertx.createHttpServer().requestHandler(source::answer).listen(0, "localhost").await();
    System.out.println(server.actualPort());
    var orders = new InputStreamReader(System.in, StandardCharsets.US_ASCII);
    int order;
    while ((order = orders.read()) >= 0) {
      if (order == '\n') {
        System.out.println(source.span());
      }
    }
    vertx.close().await();
  }

  private synchronized long span() {
    long span = last - first;
    first = 0;
    last = 0;
    return span;
  }

  private synchronized void began() {
    if (first == 0) {
      first = System.nanoTime();
    }
  }

  private synchronized void ended() {
    last = System.nanoTime();
  }

  private void answer(HttpServerRequest request) {
    String path = request.path();
    Content content = Content.of(UUID.fromString(path.substring(path.lastIndexOf('/') + 1)));
    HttpServerResponse response = request.response();
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(content.size()));
    began();
    new Answer(response, content.size()).go();
  }

  /** One answer: no faster than it is taken. */
  private final class Answer {
    private final HttpServerResponse response;
    private final long size;
    private long at;

    private Answer(HttpServerResponse response, long size) {
      this.response = response;
      this.size = size;
      response.drainHandler(drained -> go());
    }

    private void go() {
      while (at < size && !response.writeQueueFull()) {
        Buffer piece = Content.piece(block, at, size);
        at += piece.length();
        if (at < size) {
          response.write(piece);
        } else {
          response.end(piece).onSuccess(taken -> ended());
        }
      }
    }
  }
}
