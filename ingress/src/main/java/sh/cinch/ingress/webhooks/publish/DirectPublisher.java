package sh.cinch.ingress.webhooks.publish;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
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

  private final PushProducers producers;
  private final BooleanSupplier mayProduce;
  private final InstantSource clock;
  private volatile Instant closedUntil = Instant.MIN;

  DirectPublisher(PushProducers producers, BooleanSupplier mayProduce, InstantSource clock) {
    this.producers = producers;
    this.mayProduce = mayProduce;
    this.clock = clock;
  }

  boolean isOpen() {
    return mayProduce.getAsBoolean() && !clock.instant().isBefore(closedUntil);
  }

  /** Whether Kafka acknowledged every record; where it did not, some may get there all the same. */
  boolean published(List<ProducerRecord<byte[], byte[]>> records) {
    if (!isOpen()) {
      return false;
    }
    try {
      List<Future<RecordMetadata>> sending = new ArrayList<>();
      for (ProducerRecord<byte[], byte[]> record : records) {
        Future<RecordMetadata> sent = producers.patient().send(record);
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
      failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
    }
    return false;
  }

  /**
   * The same without a thread that waits: completed by whatever thread. What the client does not
   * take at once, as where it has not found Kafka yet, says nothing of Kafka.
   */
  CompletableFuture<Boolean> publish(List<ProducerRecord<byte[], byte[]>> records) {
    List<CompletableFuture<RecordMetadata>> sending = new ArrayList<>(records.size());
    boolean isTaken = true;
    for (int i = 0; isTaken && i < records.size(); i++) {
      CompletableFuture<RecordMetadata> sent = send(records.get(i));
      isTaken = !sent.isCompletedExceptionally();
      sending.add(sent);
    }
    boolean areTaken = isTaken;
    return CompletableFuture.allOf(sending.toArray(CompletableFuture<?>[]::new))
        .handle(
            (all, failure) -> {
              if (failure != null && areTaken) {
                failed(failure);
              }
              return failure == null;
            });
  }

  private CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
    try {
      Future<RecordMetadata> unused =
          producers
              .instant()
              .send(
                  record,
                  (metadata, failure) -> {
                    if (failure == null) {
                      sent.complete(metadata);
                    } else {
                      sent.completeExceptionally(failure);
                    }
                  });
    } catch (RuntimeException e) {
      sent.completeExceptionally(e);
    }
    return sent;
  }

  private void failed(Throwable why) {
    log.warn("Kafka did not take a push, going by the outbox: {}", why.getMessage());
    close();
  }

  private void close() {
    closedUntil = clock.instant().plus(CLOSED);
  }
}
