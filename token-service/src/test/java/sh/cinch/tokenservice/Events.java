package sh.cinch.tokenservice;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Kafka;

/** What is on {@code cinch.credential.v1} now, of all tests so far. */
final class Events {

  private Events() {}

  static List<ConsumerRecord<byte[], byte[]>> records() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (Consumer<byte[], byte[]> consumer = new Kafka(Backends.kafka()).reader()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topic.CREDENTIAL.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
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
}
