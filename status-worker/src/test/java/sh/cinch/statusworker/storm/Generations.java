package sh.cinch.statusworker.storm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import sh.cinch.embedded.KafkaAccess;

/** How often a consumer group was shared out anew, as the broker itself keeps account of it. */
final class Generations implements AutoCloseable {

  private static final String TOPIC = "__consumer_offsets";
  private static final short OF_A_GROUP = 2;

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final String group;
  private int newest;

  Generations(KafkaAccess kafka, String group) {
    this.group = group;
    this.consumer =
        new KafkaConsumer<>(
            kafka.client(Map.of("auto.offset.reset", "earliest")),
            new ByteBufferDeserializer(),
            new ByteBufferDeserializer());
  }

  /** The group's generation by now: each rebalance makes the next one. */
  int newest() {
    if (consumer.assignment().isEmpty()) {
      consumer.assign(
          consumer.partitionsFor(TOPIC).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(Duration.ofMillis(100)).forEach(this::read);
    }
    return newest;
  }

  private void read(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    ByteBuffer key = record.key();
    if (record.value() == null || key.getShort() != OF_A_GROUP || !text(key).equals(group)) {
      return;
    }
    ByteBuffer value = record.value();
    short version = value.getShort();
    newest =
        Math.max(
            newest, new GroupMetadataValue(new ByteBufferAccessor(value), version).generation());
  }

  private static String text(ByteBuffer from) {
    byte[] text = new byte[from.getShort()];
    from.get(text);
    return new String(text, UTF_8);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
