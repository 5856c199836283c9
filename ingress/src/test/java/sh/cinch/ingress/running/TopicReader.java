package sh.cinch.ingress.running;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.kafka.Kafka;

/** Everything on a topic, read on from where it stopped the last time. */
public final class TopicReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> reader;
  private final List<TopicPartition> partitions;
  private final List<Incoming> read = new ArrayList<>();

  public TopicReader(Kafka kafka, Topic<?> topic) {
    this.reader = kafka.reader();
    this.partitions =
        reader.partitionsFor(topic.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    reader.assign(partitions);
    reader.seekToBeginning(partitions);
  }

  public synchronized Stream<Incoming> upToNow() {
    Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
      reader.poll(POLL).forEach(record -> read.add(new Incoming(record)));
    }
    return List.copyOf(read).stream();
  }

  @Override
  public void close() {
    reader.close();
  }
}
