package sh.cinch.acceptance;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Set;
import sh.cinch.ingress.Role;

/** What an operator puts before instances with different roles; the paths as docs/operations.md. */
final class PathProxy implements AutoCloseable {

  private final HttpClient client;
  private final HttpServer server;
  private volatile int webhooks;
  private volatile int web;

  PathProxy(Vertx vertx) {
    this.client = vertx.createHttpClient();
    this.server = vertx.createHttpServer().requestHandler(this::forward).listen(0).await();
  }

  URI url() {
    return URI.create("http://localhost:" + server.actualPort());
  }

  /** From now on to this instance, for what it serves. */
  void lead(Set<Role> roles, int port) {
    if (roles.contains(Role.WEBHOOKS)) {
      webhooks = port;
    }
    if (roles.contains(Role.WEB)) {
      web = port;
    }
  }

  private void forward(HttpServerRequest request) {
    request.pause();
    client
        .request(
            new RequestOptions()
                .setMethod(request.method())
                .setHost("localhost")
                .setPort(request.path().startsWith("/webhooks/") ? webhooks : web)
                .setURI(request.uri()))
        .compose(
            out -> {
              out.headers().setAll(request.headers());
              return out.send(request);
            })
        .compose(
            in -> {
              request.response().setStatusCode(in.statusCode()).headers().setAll(in.headers());
              return in.pipeTo(request.response());
            })
        .onFailure(e -> request.connection().close());
  }

  @Override
  public void close() {
    server.close().await();
    client.close().await();
  }
}
