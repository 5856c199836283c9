package sh.cinch.bitbucket;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server that remembers what it was asked and answers as one test wants it to. */
public final class RawServer implements AutoCloseable {
  /** Has a port and never listens: a server that was just closed may still take a connection. */
  private final Socket deaf = new Socket();

  private final Vertx vertx = Vertx.vertx();
  private final List<Seen> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Handler<HttpServerRequest> taking =
      request -> request.body().onSuccess(body -> serve(request, body.toString()));
  private volatile Play play = (seen, response) -> response.setStatusCode(500).end();

  /** A request whose body has been read. */
  public record Seen(HttpServerRequest request, String body) {
    /** E.g. {@code GET /2.0/user}, with the query, as it was sent. */
    public String line() {
      return request.method() + " " + request.uri();
    }

    public String header(String name) {
      return String.valueOf(request.getHeader(name));
    }

    /** Breaks the connection instead of answering. */
    public void hangUp() {
      request.connection().close();
    }
  }

  /** What the server does with a request. */
  public interface Play {
    void with(Seen seen, HttpServerResponse response);
  }

  public RawServer() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> taking.handle(request))
            .listen(0, "127.0.0.1")
            .await();
  }

  private void serve(HttpServerRequest request, String body) {
    var seen = new Seen(request, body);
    requests.add(seen);
    play.with(seen, request.response());
  }

  public void plays(Play next) {
    play = next;
  }

  /** Hands over requests before their bodies are read. */
  public void takes(Handler<HttpServerRequest> next) {
    taking = next;
  }

  /** Answers every request with this. */
  public void answers(int status, String contentType, String body) {
    plays(
        (seen, response) ->
            response.setStatusCode(status).putHeader("Content-Type", contentType).end(body));
  }

  public void answersJson(int status, String body) {
    answers(status, "application/json", body);
  }

  public List<Seen> requests() {
    return requests;
  }

  public Seen onlyRequest() {
    if (requests.size() != 1) {
      throw new AssertionError("one request was expected, not " + requests.size());
    }
    return requests.getFirst();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** An address at which nothing listens. */
  public URI closedUrl() {
    try {
      deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return URI.create("http://127.0.0.1:" + deaf.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public WebClient web() {
    return WebClient.create(vertx);
  }

  public Vertx vertx() {
    return vertx;
  }

  @Override
  public void close() {
    vertx.close().await();
    try {
      deaf.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
