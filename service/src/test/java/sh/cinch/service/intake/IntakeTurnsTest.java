package sh.cinch.service.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Backends;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;

/** What is taken at once, in which order, and where it goes on after trouble. */
class IntakeTurnsTest {

  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final int LEAST = 8;

  private final ServiceContext context = Backends.context();
  private final OnePartition consumer = new OnePartition();
  private final Batches batches = new Batches();
  private final List<Intake> open = new ArrayList<>();

  @AfterEach
  void stop() {
    open.forEach(Intake::close);
  }

  @Test
  void repositoriesTakeTurns() {
    consumer.brings(
        Stream.concat(Stream.generate(() -> "loud").limit(100), Stream.of("quiet")).toList());
    start();
    awaitRecorded(101);
    assertThat(batches.all.getFirst()).contains(100L);
  }

  @Test
  void aFloodAfterSingleRecordsBeginsWithFew() {
    for (int i = 0; i < 6; i++) {
      consumer.brings(1, "a");
    }
    consumer.brings(1_000, "a");
    start();
    awaitRecorded(1_006);
    List<Integer> sizes = batches.sizes();
    assertThat(sizes.subList(0, 7)).containsExactly(1, 1, 1, 1, 1, 1, LEAST);
    assertThat(sizes).anyMatch(size -> size > LEAST);
  }

  @Test
  void whatIsWrittenSlowlyIsWrittenInSmallerBatches() {
    AtomicInteger slow = new AtomicInteger();
    batches.before =
        transaction -> {
          int now = batches.sizes().getLast();
          if (now > LEAST && slow.compareAndSet(0, batches.all.size())) {
            transaction.execute("select pg_sleep(0.25)");
          }
        };
    consumer.brings(1_000, "a");
    start();
    awaitRecorded(1_000);
    List<Integer> sizes = batches.sizes();
    assertThat(sizes.get(slow.get())).isEqualTo(sizes.get(slow.get() - 1) / 2);
  }

  @Test
  void afterTroubleItGoesOnWithFewFromWhatIsNotRecorded() {
    AtomicInteger failed = new AtomicInteger();
    batches.before =
        transaction -> {
          if (batches.sizes().getLast() > 2 * LEAST
              && failed.compareAndSet(0, batches.all.size())) {
            throw new IllegalStateException("the connection broke");
          }
        };
    consumer.brings(1_000, "a");
    start();
    await().until(() -> consumer.committed == 1_000);
    List<Long> lost = batches.all.get(failed.get() - 1);
    List<Long> next = batches.all.get(failed.get());
    assertThat(next).hasSize(LEAST).first().isEqualTo(lost.getFirst());
    List<List<Long>> written = new ArrayList<>(batches.all);
    written.remove(failed.get() - 1);
    assertThat(written.stream().flatMap(List::stream))
        .containsExactlyElementsOf(LongStream.range(0, 1_000).boxed().toList());
  }

  @Test
  void whatIsRecordedIsCommittedLaterWhereItCannotBeNow() {
    consumer.refuses.set(1);
    consumer.brings(1, "a");
    start();
    await().until(() -> consumer.committed == 1);
    assertThat(batches.all).containsExactly(List.of(0L));
  }

  @Test
  void whatWaitsGoesOnWaitingWhereOffsetsCannotBeCommitted() {
    consumer.refuses.set(3);
    consumer.brings(100, "a");
    start();
    await().until(() -> consumer.committed == 100);
    assertThat(batches.all.stream().flatMap(List::stream)).hasSize(100);
    assertThat(consumer.hasSought).isFalse();
  }

  @Test
  void noMoreIsReadThanThereIsRoomForAndThenItGoesOn() {
    consumer.brings(10_100, "loud");
    consumer.brings(1, "quiet");
    start();
    awaitRecorded(10_101);
    int when = 0;
    while (!batches.all.get(when).contains(10_100L)) {
      when++;
    }
    assertThat(when).isGreaterThan(1).isLessThan(batches.all.size() - 1);
  }

  @Test
  void onceAllIsRecordedMoreIsLetCome() {
    batches.pause = Duration.ofMillis(300);
    consumer.brings(1, "a");
    consumer.brings(1, "a");
    start();
    awaitRecorded(2);
    Duration between = Duration.ofNanos(batches.begun.getLast() - batches.begun.getFirst());
    assertThat(between).isGreaterThanOrEqualTo(batches.pause);
  }

  private void start() {
    open.add(
        Intake.start(
            "turns",
            consumer,
            List.of(Topic.BUILD_STATE),
            context.database(),
            batches,
            new DeadLetters(
                "test",
                new Outbox("turns-" + UUID.randomUUID()),
                context.clock(),
                context.metrics()),
            context.metrics()));
  }

  private void awaitRecorded(int records) {
    await().until(() -> batches.sizes().stream().mapToInt(Integer::intValue).sum() == records);
  }

  private interface Trouble {
    void beforeCommit(DSLContext transaction);
  }

  /** Keeps the offsets of each batch that it was given. */
  private static final class Batches implements Recorder<Incoming> {

    private final List<List<Long>> all = new CopyOnWriteArrayList<>();
    private final List<Long> begun = new CopyOnWriteArrayList<>();
    private volatile Trouble before = transaction -> {};
    private volatile Duration pause = Duration.ZERO;

    List<Integer> sizes() {
      return all.stream().map(List::size).toList();
    }

    @Override
    public Incoming read(Incoming record) {
      return record;
    }

    @Override
    public Duration pause() {
      return pause;
    }

    @Override
    public void record(DSLContext transaction, List<Incoming> batch) {
      begun.add(System.nanoTime());
      all.add(batch.stream().map(Incoming::offset).toList());
      before.beforeCommit(transaction);
    }
  }

  /** A partition that brings with each poll what the test says. */
  private static final class OnePartition extends MockConsumer<byte[], byte[]> {

    private final List<ConsumerRecord<byte[], byte[]>> log = new CopyOnWriteArrayList<>();
    private final AtomicInteger refuses = new AtomicInteger();
    private volatile long committed;
    private volatile boolean hasSought;

    OnePartition() {
      super("earliest");
      schedulePollTask(
          () -> {
            rebalance(List.of(PARTITION));
            updateBeginningOffsets(Map.of(PARTITION, 0L));
          });
    }

    void brings(int records, String owner) {
      brings(Collections.nCopies(records, owner));
    }

    void brings(List<String> owners) {
      List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
      for (String owner : owners) {
        some.add(
            new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                log.size() + some.size(),
                (owner + ":c").getBytes(UTF_8),
                new byte[1]));
      }
      log.addAll(some);
      schedulePollTask(() -> some.forEach(this::addRecord));
    }

    @Override
    public synchronized void seek(TopicPartition partition, OffsetAndMetadata to) {
      hasSought = true;
      super.seek(partition, to);
      log.stream().filter(record -> record.offset() >= to.offset()).forEach(this::addRecord);
    }

    @Override
    public synchronized void commitAsync(
        Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback then) {
      if (refuses.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        then.onComplete(offsets, new RebalanceInProgressException("the group rebalances"));
        return;
      }
      super.commitAsync(offsets, then);
      offsets.values().forEach(offset -> committed = offset.offset());
    }
  }
}
