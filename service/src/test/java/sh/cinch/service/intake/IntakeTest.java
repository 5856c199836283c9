package sh.cinch.service.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Backends;
import sh.cinch.service.Killed;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.StuckWatch;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.StoredHeaders;
import sh.cinch.testkit.ManualClock;
import sh.cinch.testkit.TestServers;

/** Every record is in the database or a dead letter before its offset moves. */
class IntakeTest {

  private final ServiceContext context = Backends.context();
  private final String id = UUID.randomUUID().toString();
  private final Topic<byte[]> topic =
      new Topic<>("t-" + id, "t", byte[].class, 2, Topic.Kept.FOR_TWO_WEEKS);
  private final Outbox outbox = new Outbox("intake-" + id);
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Producer<byte[], byte[]> producer = context.kafka().producer(Duration.ofSeconds(5));

  /** Writes values down as rows of a table; a value names what goes wrong, once. */
  private class Notebook implements Recorder<Incoming> {

    private final AtomicBoolean trouble = new AtomicBoolean(true);

    @Override
    public Incoming read(Incoming record) {
      return record;
    }

    @Override
    public void record(DSLContext transaction, List<Incoming> batch) {
      dieIf(batch, "killed-before-writing");
      for (Incoming record : batch) {
        transaction.execute(
            "insert into notebook values ({0}, {1}) on conflict do nothing",
            DSL.val(record.position()), DSL.val(text(record)));
      }
      dieIf(batch, "killed-before-commit");
      if (has(batch, "database-away") && trouble.getAndSet(false)) {
        throw new IllegalStateException("the connection broke");
      }
    }

    @Override
    public void recorded() {
      if (trouble.get() && written("killed-before-offsets") > 0) {
        trouble.set(false);
        throw new Killed();
      }
    }

    private void dieIf(List<Incoming> batch, String when) {
      if (has(batch, when) && trouble.getAndSet(false)) {
        throw new Killed();
      }
    }
  }

  @BeforeEach
  void makeTopicAndTable() throws Exception {
    try (Admin admin = context.kafka().admin()) {
      admin
          .createTopics(List.of(new NewTopic(topic.name(), Optional.of(2), Optional.empty())))
          .all()
          .get();
    }
    context
        .database()
        .sql()
        .execute("create table if not exists notebook (position text primary key, value text)");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open) {
      part.close();
    }
    producer.close();
  }

  @Test
  void recordsWhatComes() throws Exception {
    start(new Notebook());
    send("a", "b", "c");
    awaitWritten("a", "b", "c");
  }

  @Test
  void killedBeforeWritingTheNextInstanceRecordsIt() throws Exception {
    survives("killed-before-writing");
  }

  @Test
  void killedBeforeTheCommitTheNextInstanceRecordsIt() throws Exception {
    survives("killed-before-commit");
  }

  @Test
  void killedBeforeTheOffsetsMoveItIsRecordedOnce() throws Exception {
    survives("killed-before-offsets");
  }

  @Test
  void whileTheDatabaseIsAwayItWaitsAndLosesNothing() throws Exception {
    Intake intake = start(new Notebook());
    send("a", "database-away", "b");
    awaitWritten("a", "database-away", "b");
    assertThat(intake.check()).isInstanceOf(Check.Well.class);
  }

  @Test
  void noTransactionIsOpenWhileARecordIsRead() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch known = new CountDownLatch(1);
    start(
        new Notebook() {
          @Override
          public Incoming read(Incoming record) {
            reading.countDown();
            awaitQuietly(known); // as for a repository that Kafka is asked for
            return record;
          }
        });
    send("a");
    reading.await();
    await().until(() -> Backends.openTransactions() == 0);
    known.countDown();
    awaitWritten("a");
  }

  @Test
  void whatTheDatabaseRefusesBecomesADeadLetterAndHoldsUpNobody() throws Exception {
    start(new Notebook());
    send("a", "nul \0 in it", "b");
    awaitWritten("a", "b");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        context
                            .database()
                            .sql()
                            .selectFrom(OUTBOX)
                            .where(OUTBOX.WRITER.eq("intake-" + id))
                            .fetch())
                    .singleElement()
                    .satisfies(
                        letter -> {
                          assertThat(letter.getTopic()).isEqualTo("cinch.dead-letter.v1");
                          assertThat(letter.getValue()).isEqualTo("nul \0 in it".getBytes(UTF_8));
                          assertThat(
                                  StoredHeaders.load(letter.getHeaders())
                                      .lastHeader("cinch-dlq-reason"))
                              .isNotNull();
                        }));
  }

  @Test
  void aDeadLoopIsNotWell() throws Exception {
    Intake intake = start(new Notebook());
    send("killed-before-writing");
    await().untilAsserted(() -> assertThat(intake.check()).isInstanceOf(Check.Unwell.class));
  }

  @Test
  void anIntakeWhoseBatchDoesNotEndIsNotWell() throws Exception {
    AtomicLong nanos = new AtomicLong();
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch known = new CountDownLatch(1);
    Intake intake = start(reading, known, new StuckWatch(Duration.ofMinutes(5), nanos::get));
    send("a", "b", "c");
    reading.await();
    nanos.addAndGet(Duration.ofSeconds(301).toNanos());
    assertThat(intake.check())
        .isEqualTo(new Check.Unwell("the intake intake-%s is stuck for 301 s".formatted(id)));
    known.countDown();
    await().until(() -> intake.check() instanceof Check.Well);
  }

  @Test
  void theLagIsWhatIsNotRecordedYet() throws Exception {
    send(Stream.generate(() -> "x").limit(20).toArray(String[]::new));
    CountDownLatch known = new CountDownLatch(1);
    AtomicInteger batches = new AtomicInteger();
    start(
        new Notebook() {
          @Override
          public void recorded() {
            if (batches.incrementAndGet() == 2) {
              awaitQuietly(known);
            }
          }
        });
    await().until(() -> lag() > 0 && lag() < 20);
    known.countDown();
    await().until(() -> lag() == 0);
  }

  @Test
  void untilWhenAllIsRecordedIsKnown() throws Exception {
    ManualClock clock = new ManualClock();
    Instant began = clock.instant();
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch known = new CountDownLatch(1);
    try (IntakeProgress progress =
        new IntakeProgress(context.kafka(), "group-" + id, topic, clock)) {
      assertThat(progress.recordedUntil()).as("nothing is on it").contains(began);
      send("a");
      clock.advance(Duration.ofMinutes(1));
      assertThat(progress.recordedUntil()).as("nobody has recorded it").contains(began);
      Intake intake = start(reading, known, new StuckWatch());
      reading.await();
      clock.advance(Duration.ofMinutes(1));
      assertThat(progress.recordedUntil()).as("it is being recorded").contains(began);
      known.countDown();
      await().until(() -> progress.recordedUntil().equals(Optional.of(at(began, 1))));
      assertThat(progress.recordedUntil()).contains(at(began, 2));
      intake.close();
      send("b");
      clock.advance(Duration.ofMinutes(1));
      assertThat(progress.recordedUntil()).as("nobody reads").contains(at(began, 2));
    }
  }

  @Test
  void theEndOfATransactionIsNoRecordThatIsMissing() throws Exception {
    ManualClock clock = new ManualClock();
    start(new Notebook());
    try (Producer<byte[], byte[]> transactional =
        new KafkaProducer<>(
            TestServers.shared()
                .kafka()
                .client(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "t-" + id)),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      transactional.initTransactions();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic.name(), "a".getBytes(UTF_8))).get();
      awaitWritten("a");
      transactional.commitTransaction();
    }
    try (IntakeProgress progress =
        new IntakeProgress(context.kafka(), "group-" + id, topic, clock)) {
      await().until(() -> progress.recordedUntil().isPresent());
    }
  }

  private static Instant at(Instant began, int minutes) {
    return began.plus(Duration.ofMinutes(minutes));
  }

  private double lag() {
    return context.metrics().get("cinch.intake.lag").tag("intake", "intake-" + id).gauge().value();
  }

  /** What it has read it records once it is known. */
  private Intake start(CountDownLatch reading, CountDownLatch known, StuckWatch stuck) {
    Recorder<Incoming> recorder =
        new Notebook() {
          @Override
          public Incoming read(Incoming record) {
            reading.countDown();
            awaitQuietly(known);
            return record;
          }
        };
    return start(recorder, stuck);
  }

  private void survives(String kill) throws Exception {
    Notebook notebook = new Notebook();
    Intake dying = start(notebook);
    send("a", kill, "b");
    await().untilAsserted(() -> assertThat(dying.check()).isInstanceOf(Check.Unwell.class));
    start(notebook);
    awaitWritten("a", kill, "b");
  }

  private Intake start(Recorder<?> recorder) {
    return start(recorder, new StuckWatch());
  }

  private Intake start(Recorder<?> recorder, StuckWatch stuck) {
    Intake intake =
        Intake.start(
            "intake-" + id,
            context.kafka().consumer("group-" + id),
            List.of(topic),
            context.database(),
            recorder,
            new DeadLetters("test", outbox, context.clock(), context.metrics()),
            context.metrics(),
            stuck);
    open.add(intake);
    return intake;
  }

  private void send(String... values) throws Exception {
    for (String value : values) {
      producer.send(new ProducerRecord<>(topic.name(), value.getBytes(UTF_8))).get();
    }
  }

  private void awaitWritten(String... values) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              List<String> rows =
                  context
                      .database()
                      .sql()
                      .resultQuery(
                          "select value from notebook where position like {0}",
                          DSL.val(topic.name() + "%"))
                      .fetchInto(String.class);
              assertThat(rows).containsExactlyInAnyOrder(values);
              assertThat(new HashSet<>(rows)).hasSameSizeAs(rows);
            });
  }

  private int written(String value) {
    return context
        .database()
        .sql()
        .fetchCount(
            DSL.table("notebook"),
            DSL.condition(
                "position like {0} and value = {1}", DSL.val(topic.name() + "%"), DSL.val(value)));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean has(List<Incoming> batch, String value) {
    return batch.stream().anyMatch(record -> text(record).equals(value));
  }

  private static String text(Incoming record) {
    return record.value() == null ? "" : new String(record.value(), UTF_8);
  }
}
