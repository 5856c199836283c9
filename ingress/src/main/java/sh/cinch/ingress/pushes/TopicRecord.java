package sh.cinch.ingress.pushes;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import sh.cinch.service.kafka.Incoming;

/**
 * A record of the topic.
 *
 * @param takenAt when the broker took it, in milliseconds
 * @param push empty where it is not valid
 */
record TopicRecord(int partition, long offset, long takenAt, Optional<Pushed> push) {

  static TopicRecord of(ConsumerRecord<byte[], byte[]> record) {
    return new TopicRecord(
        record.partition(), record.offset(), record.timestamp(), Pushed.read(new Incoming(record)));
  }
}
