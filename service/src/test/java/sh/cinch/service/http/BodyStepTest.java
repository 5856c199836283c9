package sh.cinch.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.service.Backends;

class BodyStepTest {

  private static final int KIB = 1024;
  private static final int LARGEST = 100 * KIB;
  private static final int BOUND = 8 * 176 * KIB;

  private final BodiesInFlight bodies = new BodiesInFlight(BOUND);
  private final Semaphore turns = new Semaphore(0);
  private final BlockingQueue<String> read = new LinkedBlockingQueue<>();
  private HttpServer server;

  @BeforeEach
  void start() {
    Router router = Router.router(Backends.context().vertx());
    router
        .post("/:owner")
        .handler(
            new BodyStep(
                Backends.context().vertx(),
                new HttpBounds(bodies, new OpenConnections(1_000, BOUND), TrustedProxies.NONE),
                LARGEST,
                Duration.ofSeconds(2),
                context -> Optional.of(context.pathParam("owner"))))
        .handler(BlockingHandler.handler(this::answer))
        .failureHandler(
            context ->
                ((Problem) Objects.requireNonNull(context.failure())).send(context.response()));
    server =
        BoundedServer.listen(
            Backends.context().vertx(),
            new HttpServerOptions().setHost("localhost").setPort(0),
            HttpBounds.ofThisProcess(),
            router);
  }

  private void answer(RoutingContext context) throws InterruptedException {
    read.add(String.valueOf(context.body().length()));
    if (context.pathParam("owner").equals("waits")) {
      turns.acquire();
    }
    context.end(context.body().length() + "\n");
  }

  @AfterEach
  void stop() {
    turns.release(1_000);
    server.close().await();
  }

  @Test
  void aBodyIsReadAndItsRoomGivenBackWithTheAnswer() throws IOException {
    try (Talk talk = talk()) {
      assertThat(talk.say(post("one", 50 * KIB) + "x".repeat(50 * KIB)).answer())
          .endsWith("\r\n\r\n" + 50 * KIB + "\n");
      await().until(() -> bodies.bytes() == 0);
      assertThat(talk.say(chunked("one") + "3\r\nabc\r\n0\r\n\r\n").answer()).endsWith("\n3\n");
    }
  }

  @Test
  void oneThatWaitsToBeToldSoIsTold() throws IOException {
    try (Talk talk = talk()) {
      talk.say(
          "POST /one HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");

      assertThat(talk.answer()).startsWith("HTTP/1.1 100 ");
      assertThat(talk.say("abc").answer()).contains(" 200 ").doesNotContain("close");
    }
  }

  @Test
  void whatIsTooLargeIsRefusedUnread() throws IOException {
    try (Talk talk = talk()) {
      assertThat(talk.say(post("one", LARGEST + 1)).answer())
          .contains(" 413 ", "connection: close", "at most " + LARGEST + " bytes");
      assertThat(talk.ends()).isTrue();
    }
  }

  @Test
  void whatGrowsTooLargeIsCut() throws IOException {
    try (Talk talk = talk()) {
      talk.say(chunked("one") + ("4000\r\n" + "x".repeat(0x4000) + "\r\n").repeat(7));

      assertThat(talk.answer()).contains(" 413 ");
      await().until(() -> bodies.bytes() == 0);
    }
  }

  @Test
  void whatDoesNotComeInTimeIsGivenUp() throws IOException {
    try (Talk talk = talk()) {
      assertThat(talk.say(post("one", 100) + "only this").answer())
          .contains(" 408 ", "connection: close");
      await().until(() -> bodies.bytes() == 0);
    }
  }

  @Test
  void whatIsCompressedIsNotOpened() throws IOException {
    try (Talk talk = talk()) {
      assertThat(
              talk.say(
                      "POST /one HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 3"
                          + "\r\n\r\nabc")
                  .answer())
          .contains(" 415 ");
    }
  }

  @Test
  void beyondAShareOthersAreStillTaken() throws IOException {
    try (Talk holding = talk();
        Talk more = talk();
        Talk other = talk()) {
      holding.say(post("one", LARGEST) + "x".repeat(LARGEST - 1));
      await().until(() -> bodies.bytes() > LARGEST);

      assertThat(more.say(post("one", LARGEST) + "x".repeat(LARGEST)).answer())
          .contains(" 503 ", "retry-after: 5", "connection: close");
      assertThat(other.say(post("other", 20 * KIB) + "x".repeat(20 * KIB)).answer())
          .contains(" 200 ");
      assertThat(holding.say("x").answer()).contains(" 200 ");
    }
    await().until(() -> bodies.bytes() == 0);
  }

  @Test
  void whatHasARequestWaitingIsHeldAlsoWhereItsSenderHasGone() throws Exception {
    try (Talk talk = talk()) {
      talk.say(post("waits", 10 * KIB) + "x".repeat(10 * KIB));
      assertThat(read.take()).isEqualTo(String.valueOf(10 * KIB));
    }
    await().during(Duration.ofMillis(200)).until(() -> bodies.bytes() > 10 * KIB);

    turns.release();
    await().until(() -> bodies.bytes() == 0);
  }

  @Test
  void whoGoesAwayGivesBackWhatCame() throws IOException {
    try (Talk talk = talk()) {
      talk.say(post("one", 10 * KIB) + "x");
      await().until(() -> bodies.bytes() > 0);
    }
    await().until(() -> bodies.bytes() == 0);
  }

  @Test
  void manyWhoDripHoldNoMoreThanTheBound() throws IOException {
    List<Talk> dripping = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      dripping.add(talk().say(post("drip" + i % 20, LARGEST) + "x".repeat(60 * KIB)));
    }
    try (Talk talk = talk()) {
      await().until(() -> bodies.bytes() > BOUND / 2);
      assertThat(bodies.bytes()).isLessThanOrEqualTo(BOUND);
      dripping.forEach(BodyStepTest::close);
      await().until(() -> bodies.bytes() == 0);
      assertThat(talk.say(post("one", 3) + "abc").answer()).contains(" 200 ");
    }
  }

  private static void close(Talk talk) {
    try {
      talk.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Talk talk() throws IOException {
    return new Talk(server.actualPort());
  }

  private static String post(String owner, int length) {
    return "POST /%s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n".formatted(owner, length);
  }

  private static String chunked(String owner) {
    return "POST /%s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".formatted(owner);
  }
}
