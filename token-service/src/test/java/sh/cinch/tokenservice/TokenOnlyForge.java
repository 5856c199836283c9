package sh.cinch.tokenservice;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Shows one repository to one authorization, until it is revoked: what the simulator cannot. */
final class TokenOnlyForge implements AutoCloseable {

  private static final String REPOSITORY = "/2.0/repositories/acme/app";

  private final HttpServer server;
  private final String authorization;
  private volatile boolean revoked;

  TokenOnlyForge(String authorization) {
    this.authorization = authorization;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  void revoke() {
    revoked = true;
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (revoked || !authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      send(exchange, 401, "{\"type\":\"error\",\"error\":{\"message\":\"Token is invalid\"}}");
    } else if (exchange.getRequestURI().getPath().equals(REPOSITORY)) {
      send(exchange, 200, "{\"uuid\":\"{1}\",\"full_name\":\"acme/app\",\"name\":\"app\"}");
    } else {
      send(exchange, 404, "");
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
