package sh.cinch.ingress.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.web.api.RequestBody.Rate;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.BoundedServer;
import sh.cinch.service.http.HttpBounds;

class RequestBodyTest {

  private static final long MIB = 1024 * 1024;
  private static final long ALL = 300 * MIB;
  private static final Rate PATIENT = new Rate(1, Duration.ofSeconds(30));

  private final Vertx vertx = Vertx.vertx();
  private final Semaphore turns = new Semaphore(0);
  private final AtomicLong taken = new AtomicLong();
  private final Semaphore dripped = new Semaphore(0);
  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();

  @AfterEach
  void stop() {
    turns.release(Integer.MAX_VALUE / 2);
    dripped.release(1000);
    vertx.close().await();
  }

  @Test
  void senderIsHeldBackUntilItsBytesAreTaken() throws Exception {
    int port = serve(PATIENT);
    try (Socket socket = new Socket("localhost", port)) {
      head(socket, ALL);
      Thread sender = Thread.ofVirtual().start(() -> pour(socket));

      await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(10)).until(this::standsStill);
      assertThat(sent.get()).isLessThan(32 * MIB);

      turns.release(Integer.MAX_VALUE / 2);
      sender.join();
      assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
      assertThat(taken.get()).isEqualTo(ALL);
    }
  }

  @Test
  void quietSenderIsGivenUp() throws Exception {
    turns.release(1000);
    int port = serve(new Rate(1, Duration.ofMillis(300)));
    try (Socket socket = new Socket("localhost", port)) {
      head(socket, 100);
      socket.getOutputStream().write(new byte[50]);

      assertThat(answer(socket)).startsWith("HTTP/1.1 408 ").containsIgnoringCase("close");
      await().until(() -> socket.getInputStream().read() < 0);
    }
  }

  @Test
  void whoSpeaksHttp10IsNotToldToGoOn() throws Exception {
    turns.release(1000);
    int port = serve(PATIENT);
    try (Socket socket = new Socket("localhost", port)) {
      socket
          .getOutputStream()
          .write(
              "PUT / HTTP/1.0\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx"
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(answer(socket)).contains(" 200 ").doesNotContain(" 100 ");
    }
  }

  @Test
  void ofWhoIsNotKnownLittleIsReadToBeDropped() throws Exception {
    Router router = Router.router(vertx);
    router
        .put("/")
        .handler(
            routing -> {
              RequestBody.held(routing.request(), vertx, PATIENT);
              routing.response().setStatusCode(401).end("}");
            });
    int port = listen(router);
    try (Socket socket = new Socket("localhost", port)) {
      head(socket, ALL);
      assertThat(answer(socket)).startsWith("HTTP/1.1 401 ").containsIgnoringCase("close");

      assertThatThrownBy(() -> pour(socket)).hasCauseInstanceOf(IOException.class);

      assertThat(sent.get()).isLessThan(32 * MIB);
    }
  }

  @Test
  void whoSendsLessThanTheLeastIsGivenUpThoughNeverQuiet() throws Exception {
    turns.release(1000);
    int port = serve(new Rate(1_000, Duration.ofSeconds(30)), this::laterEachTime);
    try (Socket socket = new Socket("localhost", port)) {
      head(socket, 1_000_000);
      Thread.ofVirtual().start(() -> drip(socket, 100));

      assertThat(answer(socket)).startsWith("HTTP/1.1 408 ").contains("Less than 1000 bytes");
    }
  }

  @Test
  void whoKeepsToTheLeastIsReadToTheEnd() throws Exception {
    turns.release(1000);
    int port = serve(new Rate(1, Duration.ofSeconds(30)), this::laterEachTime);
    try (Socket socket = new Socket("localhost", port)) {
      head(socket, 15);
      Thread.ofVirtual().start(() -> drip(socket, 15));

      assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  /** Each wait has taken ten seconds, on a machine of any speed. */
  private long laterEachTime() {
    return clock.addAndGet(Duration.ofSeconds(10).toNanos());
  }

  /** One byte, and the next once that is taken. */
  private void drip(Socket socket, int count) {
    try {
      for (int i = 0; i < count; i++) {
        socket.getOutputStream().write('x');
        dripped.acquire();
      }
    } catch (IOException | InterruptedException e) {
      // given up, as it should be
    }
  }

  private long before = -1;

  private boolean standsStill() {
    long now = sent.get();
    boolean same = now == before && now > 0;
    before = now;
    return same;
  }

  private int serve(Rate least) {
    return serve(least, System::nanoTime);
  }

  private int serve(Rate least, LongSupplier nanos) {
    Router router = Router.router(vertx);
    router
        .put("/")
        .handler(
            routing -> {
              RequestBody body = RequestBody.held(routing.request(), vertx, least, nanos);
              BlockingHandler.handler(
                      context -> {
                        body.open();
                        turns.acquire();
                        Optional<byte[]> piece = body.next();
                        while (piece.isPresent()) {
                          taken.addAndGet(piece.get().length);
                          dripped.release();
                          turns.acquire();
                          piece = body.next();
                        }
                        context.end("}");
                      })
                  .handle(routing);
            });
    return listen(router);
  }

  private int listen(Router router) {
    return BoundedServer.listen(
            vertx, new HttpServerOptions().setPort(0), HttpBounds.ofThisProcess(), router)
        .actualPort();
  }

  private static void head(Socket socket, long length) throws IOException {
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write(
            ("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  private void pour(Socket socket) {
    byte[] some = new byte[64 * 1024];
    try {
      while (sent.get() < ALL) {
        socket.getOutputStream().write(some);
        sent.addAndGet(some.length);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String answer(Socket socket) throws IOException {
    StringBuilder read = new StringBuilder();
    int one = socket.getInputStream().read();
    while (one >= 0) {
      read.append((char) one);
      if (one == '}') {
        break;
      }
      one = socket.getInputStream().read();
    }
    return read.toString();
  }
}
