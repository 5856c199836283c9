package sh.cinch.simulator;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Somebody's webhook address: notes what comes, and answers what it is told to. */
public final class Receiver implements AutoCloseable {
  /** Instead of a status: no answer until this is closed. */
  public static final int SILENCE = 0;

  public record Received(Headers headers, Buffer body) {
    public String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Integer> script;
  private final HttpServer server;

  /** Answers those statuses in turn, the last one for ever. */
  public Receiver(Integer... script) throws IOException {
    this.script = List.of(script);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::receive);
    server.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      received.add(
          new Received(
              exchange.getRequestHeaders(),
              Buffer.buffer(exchange.getRequestBody().readAllBytes())));
      int status = script.get(Math.min(received.size(), script.size()) - 1);
      if (status == SILENCE) {
        closed.await();
      } else {
        exchange.sendResponseHeaders(status, -1);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/hook";
  }

  public List<Received> received() {
    return received;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
