package sh.cinch.service.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Backends;
import sh.cinch.service.Running;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.kafka.FittingDeadLetter;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.OutboxDrain;
import sh.cinch.testkit.LogSpy;
import sh.cinch.testkit.ManualClock;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicReader;

/** What cannot be used gets to the topic of dead letters, however large it is and however much. */
class DeadLettersTest {

  /** What a broker takes that was told nothing: a batch with all that is around its records. */
  private static final int BROKER_TAKES = 1_048_588;

  private final ServiceContext context = Backends.context();
  private final String id = UUID.randomUUID().toString();
  private final Topic<byte[]> topic =
      new Topic<>("t-" + id, "t", byte[].class, 1, Topic.Kept.FOR_TWO_WEEKS);
  private final Outbox outbox = new Outbox("letters-" + id);
  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final DeadLetters letters = new DeadLetters("test", outbox, clock, metrics);
  private final Running running = new Running();
  private final Producer<byte[], byte[]> runner =
      running.with(
          new KafkaProducer<>(
              TestServers.shared().kafka().client(Map.of("max.request.size", 2 * BROKER_TAKES)),
              new ByteArraySerializer(),
              new ByteArraySerializer()));
  private final TopicReader reader =
      running.with(new TopicReader(TestServers.shared().kafka(), List.of(Topic.DEAD_LETTER)));

  /** Can use nothing. */
  private final class Refusing implements Recorder<Incoming> {
    @Override
    public Incoming read(Incoming record) {
      return record;
    }

    @Override
    public void record(DSLContext transaction, List<Incoming> batch) {
      batch.forEach(record -> letters.put(transaction, record, "it is of no use"));
    }
  }

  @BeforeEach
  void start() throws Exception {
    Topics.ensure(context.kafka(), List.of(Topic.DEAD_LETTER));
    try (Admin admin = context.kafka().admin()) {
      admin
          .createTopics(List.of(new NewTopic(topic.name(), Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void anOriginalAsLargeAsTheBrokerTakesIsCutAndHoldsUpNobody() throws Exception {
    byte[] key = (id + ":large").getBytes(UTF_8);
    byte[] value = sendLargest(key);
    assertThat(value.length).isGreaterThan(BROKER_TAKES - 200);
    send(new ProducerRecord<>(topic.name(), key, "small".getBytes(UTF_8)));
    refuseAll();

    List<ConsumerRecord<byte[], byte[]>> dead = dead(key, 2);
    assertThat(header(dead.getFirst(), "cinch-dlq-cut")).isEqualTo("value");
    assertThat(header(dead.getFirst(), "cinch-dlq-topic")).isEqualTo(topic.name());
    assertThat(header(dead.getFirst(), "cinch-dlq-partition")).isEqualTo("0");
    assertThat(header(dead.getFirst(), "cinch-dlq-offset")).isEqualTo("0");
    assertThat(header(dead.getFirst(), "ce_id")).isEqualTo("large");
    byte[] kept = dead.getFirst().value();
    assertThat(kept.length).isBetween(900_000, 1_000_000);
    assertThat(kept).isEqualTo(Arrays.copyOf(value, kept.length));
    assertThat(dead.getLast().value()).isEqualTo("small".getBytes(UTF_8));
    assertThat(dead.getLast().headers().lastHeader("cinch-dlq-cut")).isNull();
  }

  @Test
  void overLongHeadersAreLeftOutAndTheValueIsWhole() throws Exception {
    byte[] key = (id + ":headers").getBytes(UTF_8);
    RecordHeaders headers = ce("kept");
    headers.add("mine", "kept".getBytes(UTF_8));
    headers.add("huge", new byte[900_000]);
    headers.add("cinch-dlq-like", new byte[50_000]);
    byte[] value = new byte[90_000];
    send(new ProducerRecord<>(topic.name(), null, key, value, headers));
    refuseAll();

    ConsumerRecord<byte[], byte[]> dead = dead(key, 1).getFirst();
    assertThat(header(dead, "cinch-dlq-cut")).isEqualTo("headers");
    assertThat(header(dead, "ce_id")).isEqualTo("kept");
    assertThat(header(dead, "mine")).isEqualTo("kept");
    assertThat(header(dead, "cinch-dlq-reason")).isEqualTo("it is of no use");
    assertThat(dead.headers().lastHeader("huge")).isNull();
    assertThat(dead.value()).isEqualTo(value);
  }

  @Test
  void manyHeadersAndAnEndlessKeyFitAsWell() throws Exception {
    RecordHeaders headers = ce("kept");
    for (int i = 0; i < 20_000; i++) {
      headers.add("h" + i, new byte[10]);
    }
    send(new ProducerRecord<>(topic.name(), null, new byte[500_000], new byte[10], headers));
    refuseAll();

    OutboxDrain drain = drain();
    ConsumerRecord<byte[], byte[]> dead =
        await()
            .until(
                () -> {
                  drainOnce(drain);
                  return reader.records(Topic.DEAD_LETTER).stream()
                      .filter(one -> header(one, "cinch-dlq-topic").equals(topic.name()))
                      .toList();
                },
                some -> some.size() == 1)
            .getFirst();
    assertThat(header(dead, "cinch-dlq-cut")).isEqualTo("key headers");
    assertThat(header(dead, "ce_id")).isEqualTo("kept");
    assertThat(dead.key()).isNull();
    assertThat(dead.value()).isEqualTo(new byte[10]);
  }

  @Test
  void equalHeadersTakeTheirRoomEach() {
    byte[] key = (id + ":equal").getBytes(UTF_8);
    RecordHeaders headers = ce("kept");
    for (int i = 0; i < 3_000; i++) {
      headers.add("same", new byte[700]);
    }
    ConsumerRecord<byte[], byte[]> large = new ConsumerRecord<>("t-" + id, 0, 1, key, new byte[10]);
    headers.forEach(large.headers()::add);
    context
        .database()
        .write(transaction -> letters.put(transaction, new Incoming(large), "it is of no use"));

    ConsumerRecord<byte[], byte[]> dead = dead(key, 1).getFirst();
    assertThat(header(dead, "cinch-dlq-cut")).isEqualTo("headers");
    assertThat(header(dead, "ce_id")).isEqualTo("kept");
    assertThat(dead.value()).isEqualTo(new byte[10]);
    assertThat(waiting()).isZero();
  }

  @Test
  void aSecondCutNamesWhatTheFirstOneCutToo() {
    RecordHeaders headers = ce("kept");
    headers.add("cinch-dlq-topic", "t".getBytes(UTF_8));
    var record =
        new ProducerRecord<>(
            Topic.DEAD_LETTER.name(), null, new byte[200_000], new byte[900_000], headers);
    var once = FittingDeadLetter.of(record, FittingDeadLetter.LARGEST);
    assertThat(cut(once)).isEqualTo("key");
    var twice = FittingDeadLetter.of(once, FittingDeadLetter.SMALLEST);
    assertThat(cut(twice)).isEqualTo("key value");
    assertThat(FittingDeadLetter.size(twice)).isLessThan(FittingDeadLetter.SMALLEST + 100);
  }

  private static String cut(ProducerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader("cinch-dlq-cut").value(), UTF_8);
  }

  @Test
  void whenItWasTakenIsSaidByTheBrokerAndNotBySenders() {
    Instant broker = Instant.parse("2026-11-23T12:00:00Z");
    assertThat(takenOfDeadLetter(broker, Map.of("cinch-dlq-taken", "2026-11-01T00:00:00Z")))
        .isEqualTo(broker);
    Instant first = broker.minusSeconds(3_600);
    Map<String, String> replay = Map.of("cinch-replay", "t-0-1", "cinch-dlq-taken", "" + first);
    assertThat(takenOfDeadLetter(broker, replay)).as("of a replay").isEqualTo(first);
    assertThat(
            takenOfDeadLetter(
                broker, Map.of("cinch-replay", "t-0-1", "cinch-dlq-taken", "2027-01-01T00:00:00Z")))
        .isEqualTo(broker);
    assertThat(
            takenOfDeadLetter(broker, Map.of("cinch-replay", "t-0-1", "cinch-dlq-taken", "soon")))
        .isEqualTo(broker);
  }

  private Instant takenOfDeadLetter(Instant broker, Map<String, String> headers) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach((name, text) -> all.add(name, text.getBytes(UTF_8)));
    context
        .database()
        .write(
            transaction ->
                letters.put(
                    transaction,
                    Incoming.kept(topic, 0, 1, broker, null, new byte[1], all),
                    "it is of no use"));
    List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    OutboxDrain drain =
        new OutboxDrain(
            context.database(),
            outbox,
            record -> {
              sent.add(record);
              return CompletableFuture.completedFuture(
                  new RecordMetadata(new TopicPartition(record.topic(), 0), 0, 0, 0, 0, 0));
            },
            metrics);
    drainOnce(drain);
    return Instant.parse(
        new String(sent.getLast().headers().lastHeader("cinch-dlq-taken").value(), UTF_8));
  }

  @Test
  void whatTheTopicStillDoesNotTakeIsCutOnceMore() {
    byte[] key = (id + ":waiting").getBytes(UTF_8);
    RecordHeaders headers = ce("waiting");
    headers.add("cinch-dlq-topic", "t".getBytes(UTF_8));
    // As a release wrote it that cut nothing, or where the topic takes less than others do.
    context
        .database()
        .write(
            transaction -> {
              outbox.add(
                  transaction,
                  new ProducerRecord<>(
                      Topic.DEAD_LETTER.name(), null, key, new byte[BROKER_TAKES], headers));
              outbox.add(
                  transaction,
                  new ProducerRecord<>(Topic.DEAD_LETTER.name(), key, "small".getBytes(UTF_8)));
            });
    List<ConsumerRecord<byte[], byte[]>> dead = dead(key, 2);
    assertThat(header(dead.getFirst(), "cinch-dlq-cut")).isEqualTo("value");
    assertThat(header(dead.getFirst(), "ce_id")).isEqualTo("waiting");
    assertThat(dead.getFirst().value().length).isBetween(1, 16 * 1024);
    assertThat(dead.getLast().value()).isEqualTo("small".getBytes(UTF_8));
  }

  @Test
  void aFloodIsPutAwayAndCountedAndNamedOnce() {
    try (LogSpy log = new LogSpy()) {
      put(100);
      assertThat(lines(log, "dead letter id=t-" + id)).hasSize(100);
      assertThat(flood()).isZero();
      put(400);
      assertThat(lines(log, "dead letter id=t-" + id)).hasSize(100);
      assertThat(lines(log, "flood")).singleElement().asString().contains("consumer=test");
      assertThat(flood()).isEqualTo(1);

      clock.advance(Duration.ofMinutes(1)); // it goes on
      put(300);
      assertThat(lines(log, "id=t-" + id)).hasSize(101);
      clock.advance(Duration.ofMinutes(1)); // a minute that has few
      put(1);
      assertThat(flood()).isEqualTo(1);
      clock.advance(Duration.ofMinutes(1));
      put(1);
      assertThat(flood()).isZero();
      assertThat(lines(log, "id=t-" + id)).hasSize(102);
      put(100);
      assertThat(lines(log, "flood")).as("the next one").hasSize(2);
    }
    assertThat(metrics.get("cinch.dead.letters").counter().count()).isEqualTo(902);
    assertThat(waiting()).isEqualTo(902);
  }

  @Test
  void aFloodThatStopsIsOver() {
    put(101);
    assertThat(flood()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(2));
    assertThat(flood()).isZero();
  }

  @Test
  void aDeadLetterMakesNoOther() {
    Incoming letter =
        new Incoming(new ConsumerRecord<>(Topic.DEAD_LETTER.name(), 0, 1, null, new byte[1]));
    context.database().write(transaction -> letters.put(transaction, letter, "it is odd"));
    assertThat(waiting()).isZero();
  }

  private void put(int count) {
    context
        .database()
        .write(
            transaction -> {
              for (int i = 0; i < count; i++) {
                letters.put(
                    transaction,
                    new Incoming(new ConsumerRecord<>(topic.name(), 0, i, null, new byte[1])),
                    "it is of no use");
              }
            });
  }

  private double flood() {
    return metrics.get("cinch.dead.letters.flood").gauge().value();
  }

  private static List<String> lines(LogSpy log, String part) {
    return log.lines().stream().filter(line -> line.contains(part)).toList();
  }

  private int waiting() {
    return context.database().sql().fetchCount(OUTBOX, OUTBOX.WRITER.eq("letters-" + id));
  }

  private void refuseAll() {
    running.with(
        Intake.start(
            "letters-" + id,
            context.kafka().consumer("group-" + id),
            List.of(topic),
            context.database(),
            new Refusing(),
            letters,
            metrics));
  }

  /** The dead letters of a key, once there are so many, sent from the outbox as services do. */
  private List<ConsumerRecord<byte[], byte[]>> dead(byte[] key, int count) {
    OutboxDrain drain = drain();
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              drainOnce(drain);
              return reader.records(Topic.DEAD_LETTER, new String(key, UTF_8));
            },
            letters -> letters.size() == count);
  }

  private OutboxDrain drain() {
    Producer<byte[], byte[]> producer =
        running.with(context.kafka().producer(Duration.ofSeconds(10)));
    return new OutboxDrain(context.database(), outbox, producer::send, metrics);
  }

  private static void drainOnce(OutboxDrain drain) {
    try {
      drain.run();
    } catch (IllegalStateException e) {
      // as a loop does: again
    }
  }

  private boolean isTaken(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    try {
      RecordMetadata written = runner.send(record).get();
      return written.hasOffset();
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(RecordTooLargeException.class);
      return false;
    }
  }

  /** Its value: one byte more, and the broker would refuse it. */
  private byte[] sendLargest(byte[] key) throws InterruptedException {
    byte[] value = new byte[BROKER_TAKES - 150];
    ThreadLocalRandom.current().nextBytes(value);
    while (!isTaken(new ProducerRecord<>(topic.name(), null, key, value, ce("large")))) {
      value = Arrays.copyOf(value, value.length - 1);
    }
    return value;
  }

  private void send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
    assertThat(isTaken(record)).isTrue();
  }

  private static RecordHeaders ce(String event) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", event.getBytes(UTF_8));
    return headers;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return TopicReader.header(record, name).orElse("");
  }
}
