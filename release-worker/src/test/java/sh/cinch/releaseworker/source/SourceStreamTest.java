package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetServer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes after the head of an answer. */
@Execution(ExecutionMode.CONCURRENT)
class SourceStreamTest extends SourcesFixture {

  private static final int PIECE = 64 * 1024;
  private static final long LARGE = 64L * 1024 * 1024;

  private final AtomicLong sent = new AtomicLong();

  /** Gives so many zeros, as fast as they are taken. */
  private void givesZeros(HttpServerRequest request, long size) {
    HttpServerResponse response = request.response();
    response.putHeader("Content-Length", String.valueOf(size));
    response.drainHandler(drained -> pour(response, size));
    pour(response, size);
  }

  private void pour(HttpServerResponse response, long size) {
    while (sent.get() < size && !response.writeQueueFull()) {
      sent.addAndGet(PIECE);
      response.write(Buffer.buffer(new byte[PIECE]));
    }
    if (sent.get() == size && !response.ended()) {
      response.end();
    }
  }

  private void begins(HttpServerRequest request) {
    request.response().putHeader("Content-Length", "8").write("the ");
  }

  private static void fails(CompletableFuture<String> all, String why) {
    assertThatThrownBy(all::join)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void largeFileIsNeverAheadOfASlowReader() {
    server.plays(request -> givesZeros(request, LARGE));
    Opened.Content content = content(open(LARGE));
    var taken = new AtomicLong();
    var ended = new AtomicBoolean();
    content
        .bytes()
        .handler(bytes -> taken.addAndGet(bytes.length()))
        .endHandler(end -> ended.set(true))
        .fetch(3);
    var last = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> taken.get() > 0 && last.getAndSet(sent.get()) == sent.get());

    assertThat(sent.get()).as("as much as sockets hold").isLessThan(LARGE / 4);

    content.bytes().resume();
    await().untilTrue(ended);
    assertThat(taken).hasValue(LARGE);
  }

  /** What Vert.x holds itself between two sockets is between 80 and 220 KiB. */
  @ParameterizedTest
  @ValueSource(ints = {100, 128, 160, 192})
  void slowReaderGetsTheLastBytes(int kib) {
    int size = kib * 1024;
    server.plays(request -> request.response().end(Buffer.buffer(new byte[size])));
    ReadStream<Buffer> bytes = content(open(size)).bytes();
    var taken = new AtomicLong();
    var ended = new CompletableFuture<Void>().orTimeout(30, TimeUnit.SECONDS);
    bytes
        .exceptionHandler(ended::completeExceptionally)
        .endHandler(ended::complete)
        .handler(
            piece -> {
              taken.addAndGet(piece.length());
              vertx.setTimer(10, fired -> bytes.fetch(1));
            })
        .fetch(1);

    ended.join();

    assertThat(taken).hasValue(size);
  }

  @Test
  void connectionIsClosedOnceAllIsThere() {
    var closed = new AtomicBoolean();
    server.plays(
        request -> {
          request.connection().closeHandler(gone -> closed.set(true));
          request.response().end("the file");
        });

    assertThat(all(content(open(8))).join()).isEqualTo("the file");

    await().untilTrue(closed);
  }

  @Test
  void moreThanAnnouncedFails() {
    server.plays(request -> request.response().setChunked(true).end("the file and more"));

    CompletableFuture<String> all = all(content(open(8)));

    fails(all, "files.example.com:" + server.port() + " sends more than the 8 bytes");
    assertThatThrownBy(all::join).hasCauseInstanceOf(MoreThanAnnounced.class);
  }

  @Test
  void endlessSourceIsCut() {
    server.plays(
        request -> {
          HttpServerResponse response = request.response().setChunked(true);
          response.drainHandler(drained -> pour(response, Long.MAX_VALUE));
          pour(response, Long.MAX_VALUE);
        });

    fails(all(content(open(8))), "sends more than the 8 bytes");
    await().until(() -> server.onlyRequest().response().closed());
  }

  @Test
  void lessThanAnnouncedFails() {
    server.plays(request -> request.response().setChunked(true).end("the"));

    fails(all(content(open(8))), "ended 5 bytes before 8");
  }

  @Test
  void fileWithoutALengthIsTakenWhole() {
    server.plays(request -> request.response().setChunked(true).end("the file"));

    assertThat(all(content(open(8))).join()).isEqualTo("the file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nthe ",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nthe \r\n",
        "HTTP/1.1 200 OK\r\n\r\nthe ",
        "HTTP/1.0 200 OK\r\n\r\nthe "
      })
  void connectionThatBreaksFails(String answer) {
    NetServer raw =
        vertx
            .createNetServer()
            .connectHandler(
                socket ->
                    socket.handler(request -> socket.write(answer).onComplete(s -> socket.close())))
            .listen(0, "127.0.0.1")
            .await();
    running.with(() -> raw.close().await());
    String host = "files.example.com:" + raw.actualPort();

    Opened opened = sources("", host).open(REPOSITORY, "http://" + host + "/a" + SIGNED, 8);

    assertThatThrownBy(all(content(opened))::join).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void failureWaitsForWhoeverListens() {
    server.plays(this::begins);
    Opened.Content content = content(open(8));
    content.close().run();
    await().until(() -> server.onlyRequest().response().closed());

    fails(all(content), "closed before its end");
  }

  @Test
  void fileIsWholeThoughTheServerIsGone() {
    server.gives("the file");
    Opened.Content content = content(open(8));
    await().until(() -> server.onlyRequest().response().ended());
    server.close();

    assertThat(all(content).join()).isEqualTo("the file");
  }

  @Test
  void stalledSourceFails() {
    limits = new Limits(LONG, LONG, LONG, Duration.ofMillis(1100));
    server.plays(this::begins);

    fails(all(content(open(8))), "gave nothing for 1 seconds");
    await().until(() -> server.onlyRequest().response().closed());
  }

  @Test
  void readerThatTakesItsTimeIsNoStalledSource() {
    limits = new Limits(LONG, LONG, LONG, Duration.ofMillis(300));
    server.gives("the file");
    try (Sources sources = sources()) {
      Opened.Content patient = content(sources.open(REPOSITORY, source(), 8));
      server.plays(this::begins);
      fails(all(content(sources.open(REPOSITORY, source(), 8))), "gave nothing");

      assertThat(all(patient).join()).isEqualTo("the file");
    }
  }

  /** Another source's stall, begun half a limit later, says when the reader has paused for long. */
  @Test
  void sourceHasAllTheTimeAgainOnceTheReaderGoesOn() {
    int limit = 1600;
    limits = new Limits(LONG, LONG, LONG, Duration.ofMillis(limit));
    var waiting = new AtomicReference<HttpServerResponse>();
    server.plays(
        request -> {
          HttpServerResponse head = request.response().putHeader("Content-Length", "8");
          boolean unused = head.writeHead().succeeded();
          waiting.set(head);
        });
    try (Sources sources = sources()) {
      Opened.Content patient = content(sources.open(REPOSITORY, source(), 8));
      HttpServerResponse rest = Objects.requireNonNull(waiting.get());
      server.plays(
          request -> {
            HttpServerResponse response = request.response().putHeader("Content-Length", "8");
            response.write("the");
            vertx.setTimer(limit / 2, later -> response.write("y"));
          });
      fails(all(content(sources.open(REPOSITORY, source(), 8))), "gave nothing");

      CompletableFuture<String> all = all(patient);
      vertx.setTimer(limit * 3 / 4, later -> rest.end("the file"));

      assertThat(all.join()).isEqualTo("the file");
    }
  }

  @Test
  void slowSourceThatMovesIsNotStalled() {
    limits = new Limits(LONG, LONG, LONG, Duration.ofSeconds(2));
    server.plays(
        request -> {
          HttpServerResponse response = request.response().putHeader("Content-Length", "8");
          var left = new AtomicLong(8);
          vertx.setPeriodic(
              1,
              300,
              timer -> {
                response.write("x");
                if (left.decrementAndGet() == 0) {
                  vertx.cancelTimer(timer);
                  response.end();
                }
              });
        });

    assertThat(all(content(open(8))).join()).isEqualTo("xxxxxxxx");
  }

  @Test
  void closingTellsReaderAndServer() {
    server.plays(this::begins);
    Opened.Content content = content(open(8));
    CompletableFuture<String> all = all(content);

    content.close().run();
    content.close().run();

    fails(all, "closed before its end");
    await().until(() -> server.onlyRequest().response().closed());
  }

  @Test
  void closingAfterTheEndChangesNothing() {
    server.gives("the file");
    Opened.Content content = content(open(8));
    CompletableFuture<String> all = all(content);
    all.join();

    content.close().run();
    content.bytes().pause().resume();

    assertThat(all).isCompletedWithValue("the file");
  }

  @Test
  void closingTheSourcesEndsWhatIsOpen() {
    server.plays(this::begins);
    Sources sources = sources();
    CompletableFuture<String> all = all(content(sources.open(REPOSITORY, source(), 8)));

    sources.close();

    assertThatThrownBy(all::join).hasCauseInstanceOf(IOException.class);
  }
}
