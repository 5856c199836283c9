package sh.cinch.service.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.service.Backends;
import sh.cinch.service.Killed;
import sh.cinch.service.database.Database;

/** Nothing lost, the order kept, and nothing sent twice but what a kill left in doubt. */
class OutboxDrainTest {

  private final Database database = Backends.context().database();
  private final Outbox outbox = new Outbox("test-" + UUID.randomUUID());
  private final List<String> broker = new ArrayList<>();

  @Test
  void sendsInOrderAndKeepsNothing() {
    write("a", "b", "c");
    drain(this::accept).run();
    assertThat(broker).containsExactly("a", "b", "c");
    assertThat(waiting()).isZero();
  }

  @Test
  void whatWasRolledBackIsNeverSent() {
    assertThatThrownBy(
            () ->
                database.write(
                    transaction -> {
                      outbox.add(transaction, record("a"));
                      throw new IllegalStateException("the change failed");
                    }))
        .isInstanceOf(IllegalStateException.class);
    drain(this::accept).run();
    assertThat(broker).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void killedBetweenAnyTwoStepsLosesNothing(int survived) {
    write("a", "b", "c");
    int[] steps = {0};
    OutboxDrain dying =
        drain(
            record -> {
              if (steps[0]++ == survived) { // before the broker has it
                throw new Killed();
              }
              Future<RecordMetadata> accepted = accept(record);
              if (steps[0]++ == survived) { // after, and before the row is removed
                throw new Killed();
              }
              return accepted;
            });
    assertThatThrownBy(dying::run).isInstanceOf(Killed.class);
    assertThat(waiting()).isEqualTo(3);

    drain(this::accept).run();
    assertThat(broker).containsSubsequence("a", "b", "c").endsWith("a", "b", "c");
    assertThat(broker.size()).isEqualTo(3 + (survived + 1) / 2);
    assertThat(waiting()).isZero();
  }

  @Test
  void whatTheBrokerRefusesHoldsBackWhatComesAfter() {
    write("a", "b", "c");
    drain(
            record ->
                value(record).equals("b")
                    ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                    : value(record).equals("a") ? accept(record) : lost())
        .run();
    assertThat(broker).containsExactly("a");

    drain(this::accept).run();
    assertThat(broker).containsExactly("a", "b", "c");
  }

  @Test
  void oneInstanceDrainsAtATime() throws Exception {
    write("a");
    CountDownLatch sending = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread first =
        Thread.startVirtualThread(
            () ->
                drain(
                        record -> {
                          sending.countDown();
                          awaitQuietly(release);
                          return accept(record);
                        })
                    .run());
    sending.await();
    drain(this::accept).run();
    assertThat(broker).isEmpty();
    release.countDown();
    first.join();
    assertThat(broker).containsExactly("a");
  }

  @Test
  void noTransactionIsOpenWhileKafkaIsWaitedFor() throws Exception {
    write("a");
    CompletableFuture<RecordMetadata> answer = new CompletableFuture<>();
    CountDownLatch sending = new CountDownLatch(1);
    Thread waiting =
        Thread.startVirtualThread(
            () ->
                drain(
                        record -> {
                          sending.countDown();
                          return answer;
                        })
                    .run());
    sending.await();
    await().until(() -> Backends.openTransactions() == 0);
    assertThat(waiting.isAlive()).isTrue();
    answer.complete(accepted().get());
    waiting.join();
    assertThat(waiting()).isZero();
  }

  @Test
  void aHolderThatLostItsSessionSendsNoMoreOnceItComesBack() throws Exception {
    write("a", "b", "c");
    CountDownLatch sending = new CountDownLatch(1);
    CompletableFuture<RecordMetadata> late = new CompletableFuture<>();
    List<Throwable> failure = new ArrayList<>();
    Thread paused =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((thread, e) -> failure.add(e))
            .start(
                () ->
                    drain(
                            record -> {
                              Object unused = accept(record);
                              sending.countDown();
                              return late;
                            })
                        .run());
    sending.await();
    database
        .sql()
        .execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and"
                + " database = (select oid from pg_database where datname = current_database())");
    await().until(() -> drain(this::accept).run() || waiting() == 0);
    late.complete(accepted().get());
    paused.join();

    assertThat(broker).containsExactly("a", "a", "b", "c");
    assertThat(failure).singleElement().isInstanceOf(DataAccessException.class);
    assertThat(waiting()).isZero();
  }

  @Test
  void keyAndHeadersArriveByteForByte() {
    ProducerRecord<byte[], byte[]> odd =
        new ProducerRecord<>("t", null, new byte[] {0, (byte) 0xff}, null);
    odd.headers().add("h", new byte[] {1, 0}).add("h", null);
    database.write(transaction -> outbox.add(transaction, odd));
    List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    drain(
            record -> {
              sent.add(record);
              return accepted();
            })
        .run();
    assertThat(sent)
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.key()).containsExactly(0, 0xff);
              assertThat(record.value()).isNull();
              assertThat(record.headers()).isEqualTo(odd.headers());
            });
  }

  private OutboxDrain drain(OutboxDrain.Sender sender) {
    return new OutboxDrain(database, outbox, sender, new SimpleMeterRegistry());
  }

  private void write(String... values) {
    for (String value : values) {
      database.write(transaction -> outbox.add(transaction, record(value)));
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String value) {
    return new ProducerRecord<>("t", value.getBytes(StandardCharsets.UTF_8));
  }

  private Future<RecordMetadata> accept(ProducerRecord<byte[], byte[]> record) {
    broker.add(value(record));
    return accepted();
  }

  private static Future<RecordMetadata> accepted() {
    return CompletableFuture.completedFuture(
        new RecordMetadata(new TopicPartition("t", 0), 0, 0, 0, 0, 0));
  }

  /** Sent behind one that failed: the broker may or may not have it, this one has not. */
  private static Future<RecordMetadata> lost() {
    return CompletableFuture.failedFuture(new IllegalStateException("away"));
  }

  private static String value(ProducerRecord<byte[], byte[]> record) {
    return record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
  }

  private int waiting() {
    return database.sql().fetchCount(OUTBOX, OUTBOX.WRITER.eq(outbox.writer()));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
