package sh.cinch.service.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.outbox.StoredHeaders;

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
    await().atMost(Duration.ofSeconds(3)).until(() -> Backends.openTransactions() == 0);
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

  private void survives(String kill) throws Exception {
    Notebook notebook = new Notebook();
    Intake dying = start(notebook);
    send("a", kill, "b");
    await().untilAsserted(() -> assertThat(dying.check()).isInstanceOf(Check.Unwell.class));
    start(notebook);
    awaitWritten("a", kill, "b");
  }

  private Intake start(Recorder<?> recorder) {
    Intake intake =
        Intake.start(
            "intake-" + id,
            context.kafka().consumer("group-" + id),
            List.of(topic),
            context.database(),
            recorder,
            new DeadLetters("test", outbox, context.clock(), context.metrics()),
            context.metrics());
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
