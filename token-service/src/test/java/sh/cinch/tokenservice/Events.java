package sh.cinch.tokenservice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Kafka;

/** What is on {@code cinch.credential.v1} now, of all tests so far. */
final class Events {

  private static final List<ConsumerRecord<byte[], byte[]>> READ = new ArrayList<>();
  private static @Nullable Consumer<byte[], byte[]> consumer;

  private Events() {}

  static synchronized List<ConsumerRecord<byte[], byte[]>> records() {
    Consumer<byte[], byte[]> reader = reader();
    Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
      reader.poll(Duration.ofMillis(100)).forEach(READ::add);
    }
    return List.copyOf(READ);
  }

  static List<CredentialEvent> events() {
    List<CredentialEvent> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records()) {
      if (EventJson.read(record.value(), CredentialEvent.class)
          instanceof Reading.Good<CredentialEvent>(CredentialEvent event)) {
        events.add(event);
      }
    }
    return events;
  }

  private static Consumer<byte[], byte[]> reader() {
    if (consumer == null) {
      consumer = new Kafka(Backends.kafka()).reader();
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topic.CREDENTIAL.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }
    return consumer;
  }
}
