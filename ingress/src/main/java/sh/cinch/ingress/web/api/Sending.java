package sh.cinch.ingress.web.api;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;

/** Puts what was sent to the API on its topic; it is answered once it is there. */
final class Sending {

  private final Producer<byte[], byte[]> producer;

  Sending(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * @param what it is, for whoever sent it
   * @throws Problem 503 where Kafka does not take it
   */
  RecordMetadata send(ProducerRecord<byte[], byte[]> record, String what) {
    try {
      return producer.send(record).get();
    } catch (ExecutionException e) {
      throw notNow(what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notNow(what);
    }
  }

  private static Problem notNow(String what) {
    return new Problem(503, "Not now", "The %s is not on Kafka; send it again.".formatted(what))
        .retryAfter(RetryAfter.SOON);
  }
}
