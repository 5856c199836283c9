package sh.cinch.ingress.webhooks.publish;

import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import sh.cinch.service.RunningService;

/**
 * What pushes are sent with.
 *
 * @param patient one that blocks until it has found Kafka
 * @param instant one that never blocks, and fails where it would
 */
public record PushProducers(Producer<byte[], byte[]> patient, Producer<byte[], byte[]> instant) {

  /**
   * @param within how long Kafka may take for one record
   */
  public static PushProducers of(RunningService service, Duration within) {
    return new PushProducers(service.producer(within), service.instantProducer(within));
  }
}
