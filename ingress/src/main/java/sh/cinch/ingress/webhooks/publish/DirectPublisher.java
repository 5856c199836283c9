package sh.cinch.ingress.webhooks.publish;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The straight way to Kafka. Where it did not get through it is closed for a while: not every
 * delivery of an outage should wait to find out.
 */
final class DirectPublisher {

  private static final Logger log = LoggerFactory.getLogger(DirectPublisher.class);
  private static final Duration CLOSED = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final BooleanSupplier mayProduce;
  private final InstantSource clock;
  private volatile Instant closedUntil = Instant.MIN;

  DirectPublisher(
      Producer<byte[], byte[]> producer, BooleanSupplier mayProduce, InstantSource clock) {
    this.producer = producer;
    this.mayProduce = mayProduce;
    this.clock = clock;
  }

  /** Whether Kafka acknowledged every record; where it did not, some may get there all the same. */
  boolean published(List<ProducerRecord<byte[], byte[]>> records) {
    if (!mayProduce.getAsBoolean() || clock.instant().isBefore(closedUntil)) {
      return false;
    }
    try {
      List<Future<RecordMetadata>> sending = new ArrayList<>();
      for (ProducerRecord<byte[], byte[]> record : records) {
        Future<RecordMetadata> sent = producer.send(record);
        if (sent.isDone()) {
          sent.get(); // failed before it was sent: each further one would wait as long for that
        }
        sending.add(sent);
      }
      for (Future<RecordMetadata> sent : sending) {
        sent.get();
      }
      return true;
    } catch (ExecutionException | KafkaException e) {
      log.warn("Kafka did not take a push, going by the outbox: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closedUntil = clock.instant().plus(CLOSED);
    return false;
  }
}
