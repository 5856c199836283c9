package sh.cinch.releaseworker.source;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers as one test wants it to, and remembers who came. */
final class FileServer {

  private final HttpServer server;
  private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Handler<HttpServerRequest> play =
      request -> request.response().setStatusCode(500).end();

  FileServer(Vertx vertx) {
    this(vertx, new HttpServerOptions().setHost("127.0.0.1"));
  }

  FileServer(Vertx vertx, HttpServerOptions options) {
    server =
        vertx
            .createHttpServer(options.setPort(0))
            .connectionHandler(connection -> connections.incrementAndGet())
            .requestHandler(
                request -> {
                  requests.add(request);
                  play.handle(request);
                })
            .listen()
            .await();
  }

  void plays(Handler<HttpServerRequest> next) {
    play = next;
  }

  void answers(int status) {
    plays(request -> request.response().setStatusCode(status).end("no"));
  }

  void gives(String file) {
    plays(request -> request.response().end(file));
  }

  void redirectsTo(String location) {
    plays(
        request ->
            request.response().setStatusCode(302).putHeader("Location", location).end("see there"));
  }

  List<HttpServerRequest> requests() {
    return requests;
  }

  HttpServerRequest onlyRequest() {
    if (requests.size() != 1) {
      throw new AssertionError("one request was expected, not " + requests.size());
    }
    return requests.getFirst();
  }

  int connections() {
    return connections.get();
  }

  int port() {
    return server.actualPort();
  }

  void close() {
    server.close().await();
  }
}
