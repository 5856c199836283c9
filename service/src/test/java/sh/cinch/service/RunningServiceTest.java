package sh.cinch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.config.Listen;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicReader;

class RunningServiceTest {

  private final ServiceContext context = Backends.context();
  private final List<String> closed = new ArrayList<>();

  /** Unwell, and says when it is closed. */
  private record Part(String name, List<String> closed) implements Checked, AutoCloseable {
    @Override
    public Check check() {
      return new Check.Unwell("it only plays");
    }

    @Override
    public void close() {
      closed.add(name);
    }
  }

  @Test
  void whatWasStartedFirstStopsLast() {
    start(
            service -> {
              service.with(part("first"));
              service.with("second", part("second"));
              service.with(part("third"));
            })
        .close();
    assertThat(closed).containsExactly("third", "second", "first");
  }

  @Test
  void whereAPartOrAPortDoesNotStartTheOthersAreStopped() {
    assertThatThrownBy(
            () ->
                start(
                    service -> {
                      service.with(part("first"));
                      throw new IllegalStateException("no second");
                    }))
        .hasMessage("no second");
    RunningService other = start(service -> {});
    assertThatThrownBy(
            () ->
                RunningService.start(
                    "test",
                    context,
                    new Listen("127.0.0.1", other.managementPort()),
                    List.of(),
                    service -> service.with(part("second"))))
        .isInstanceOf(BindException.class);
    other.close();
    assertThat(closed).containsExactly("first", "second");
  }

  @Test
  void aLoopIsWokenWhereItRunsHoweverLateItWasStarted() {
    try (RunningService service = start(starting -> {})) {
      AtomicInteger turns = new AtomicInteger();
      Runnable here = service.waking("here");
      here.run();
      service.waking("elsewhere").run();
      var unused =
          service.loop(
              "here",
              () -> {
                turns.incrementAndGet();
                return false;
              },
              Duration.ofHours(1));
      await().until(() -> turns.get() == 1);
      here.run();
      await().until(() -> turns.get() == 2);
      assertThat(service.health().parts()).containsExactly("database", "here", "topics");
    }
  }

  @Test
  void theManagementPortTellsOfItsPartsAndReports() {
    try (RunningService service =
        start(
            starting -> {
              starting.with("player", part("player"));
              starting.report("/figures", () -> new JsonObject().put("one", 1));
              starting.listen(
                  new HttpServerOptions(),
                  request -> request.response().end("hello"),
                  Duration.ofSeconds(1));
            })) {
      assertThat(get(service.managementPort(), "/health/ready")).contains("player: it only plays");
      assertThat(get(service.managementPort(), "/figures")).isEqualTo("{\"one\":1}");
      assertThat(get(service.port(), "/")).isEqualTo("hello");
    }
  }

  @Test
  void theLongestWaitIsAFigureInSeconds() {
    try (RunningService service =
        start(
            starting ->
                starting.longestWait("test.wait", "Test", sql -> Duration.ofMillis(90_500)))) {
      await()
          .untilAsserted(
              () ->
                  assertThat(get(service.managementPort(), "/metrics"))
                      .contains("test_wait_seconds 90.0"));
    }
  }

  @Test
  void operatorsPortIsWhereItIsToldToBe() throws Exception {
    try (RunningService service = start(starting -> {})) {
      int port = service.managementPort();
      new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port).close();
      InetAddress elsewhere = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
      assertThatThrownBy(() -> new Socket(elsewhere, port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void whatAPartWritesAtItsEndIsSent() {
    String key = UUID.randomUUID().toString();
    Outbox outbox = new Outbox("test-" + key);
    RunningService running =
        start(
            service -> {
              service.drain(outbox, service.producer(Duration.ofSeconds(10)));
              service.with(() -> context.database().write(sql -> outbox.add(sql, record(key))));
            });
    // Once it has sent this, its loop has nothing to do for a while.
    context.database().write(sql -> outbox.add(sql, record("before " + key)));
    await()
        .until(
            () -> !context.database().sql().fetchExists(OUTBOX, OUTBOX.WRITER.eq("test-" + key)));
    running.close();
    try (TopicReader reader =
        new TopicReader(TestServers.shared().kafka(), List.of(Topic.DEAD_LETTER))) {
      assertThat(reader.records(Topic.DEAD_LETTER, key)).hasSize(1);
    }
  }

  private RunningService start(Consumer<RunningService> assembly) {
    return RunningService.start(
        "test", context, Listen.onLoopback(), List.of(Topic.DEAD_LETTER), assembly);
  }

  private Part part(String name) {
    return new Part(name, closed);
  }

  private static String get(int port, String path) {
    return Http.send("GET", "http://localhost:" + port + path, Map.of(), "").body();
  }

  private static ProducerRecord<byte[], byte[]> record(String key) {
    return new ProducerRecord<>(
        Topic.DEAD_LETTER.name(), key.getBytes(StandardCharsets.UTF_8), new byte[] {'x'});
  }
}
