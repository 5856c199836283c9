package sh.cinch.service.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import sh.cinch.service.kafka.Incoming;

/** Whoever sends one record is not behind all that another has sent. */
class BacklogTest {

  private static final TopicPartition ZERO = new TopicPartition("t", 0);
  private static final TopicPartition ONE = new TopicPartition("t", 1);

  private final Backlog backlog = new Backlog(1L << 30);

  @Test
  void repositoriesTakeTurnsAndEachStaysInOrder() {
    add(ZERO, 0, "loud:c", "loud:d", "loud:c", "quiet:c");
    assertThat(offsets(backlog.next(2))).containsExactly(0L, 3L);
    assertThat(offsets(backlog.next(9))).containsExactly(1L, 2L);
    assertThat(backlog.isEmpty()).isTrue();
  }

  @Test
  void offsetsMoveNoFurtherThanAllIsRecorded() {
    add(ZERO, 10, "loud", "loud", "quiet");
    add(ONE, 5, "other");
    List<Incoming> batch = backlog.next(3); // 10 and 12, and 5

    backlog.recorded(batch);

    assertThat(positions()).isEqualTo(Map.of(ZERO, 11L, ONE, 6L));
    backlog.recorded(backlog.next(1));
    assertThat(positions()).isEqualTo(Map.of(ZERO, 13L, ONE, 6L));
  }

  @Test
  void whatIsBeingRecordedKeepsTheOffsetBack() {
    add(ZERO, 10, "a", "b");
    backlog.next(1);
    assertThat(positions()).isEqualTo(Map.of(ZERO, 10L));
  }

  @Test
  void whatIsAnotherInstancesIsNotRecorded() {
    add(ZERO, 0, "a", "b");
    add(ONE, 0, "a");

    backlog.keep(Set.of(ONE));

    assertThat(backlog.next(9)).singleElement().returns(1, Incoming::partition);
    assertThat(backlog.offsets()).containsOnlyKeys(ONE);
  }

  @Test
  void whatIsReadAgainIsWhatIsNotRecorded() {
    add(ZERO, 10, "a", "b");
    add(ONE, 5, "c");
    backlog.recorded(backlog.next(1));
    backlog.next(1);
    backlog.recorded(backlog.next(1));

    backlog.clear();

    assertThat(backlog.isEmpty()).isTrue();
    assertThat(positions()).isEqualTo(Map.of(ZERO, 11L, ONE, 6L));
  }

  @Test
  void noMoreIsReadThanItHasRoomFor() {
    String[] keys = new String[9_999];
    Arrays.fill(keys, "a");
    add(ZERO, 0, keys);
    assertThat(backlog.isFull()).isFalse();
    add(ZERO, 9_999, "a");
    assertThat(backlog.isFull()).isTrue();
    backlog.next(1);
    assertThat(backlog.isFull()).isFalse();
  }

  @Test
  void whatTakesASixteenthOfTheHeapIsAllThereIsRoomFor() {
    assertThat(isFullOf(new byte[3_000], new byte[100], new byte[100])).isFalse();
    assertThat(isFullOf(new byte[4_000], new byte[100], new byte[100])).isTrue();
    assertThat(isFullOf(new byte[100], new byte[4_000], new byte[100])).isTrue();
    assertThat(isFullOf(new byte[100], new byte[100], new byte[4_000])).isTrue();
  }

  @Test
  void whatWasTakenOutTakesNoRoom() {
    Backlog small = new Backlog(16 * 4_000);
    add(small, record(new byte[4_000], new byte[0], new byte[0]));
    small.next(1);
    assertThat(small.isFull()).isFalse();
  }

  private static boolean isFullOf(byte[] key, byte[] header, byte[] value) {
    Backlog small = new Backlog(16 * 4_000);
    add(small, record(key, header, value));
    return small.isFull();
  }

  private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] header, byte[] value) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(ZERO.topic(), ZERO.partition(), 0, key, value);
    record.headers().add("h", header);
    return record;
  }

  private static void add(Backlog to, ConsumerRecord<byte[], byte[]> record) {
    to.add(
        new ConsumerRecords<>(
            Map.of(ZERO, List.of(record)), Map.of(ZERO, new OffsetAndMetadata(1))));
  }

  private void add(TopicPartition partition, long from, String... keys) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String key : keys) {
      records.add(
          new ConsumerRecord<>(
              partition.topic(),
              partition.partition(),
              from + records.size(),
              key.getBytes(UTF_8),
              new byte[1]));
    }
    backlog.add(
        new ConsumerRecords<>(
            Map.of(partition, records),
            Map.of(partition, new OffsetAndMetadata(from + records.size()))));
  }

  private Map<TopicPartition, Long> positions() {
    return backlog.offsets().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  private static List<Long> offsets(List<Incoming> batch) {
    return batch.stream().map(Incoming::offset).toList();
  }
}
