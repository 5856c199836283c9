package sh.cinch.service.intake;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.text.Cut;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.text.OneLine;

/** Puts away what cannot be used, as it came, with the reason beside it. */
public final class DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final String consumer;
  private final Outbox outbox;
  private final InstantSource clock;

  public DeadLetters(String consumer, Outbox outbox, InstantSource clock) {
    this.consumer = consumer;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * @param reason for the person who sent it: what is wrong and what to do
   */
  public void put(DSLContext transaction, Incoming record, String reason) {
    String why = Cut.to(OneLine.of(reason), Limits.REASON);
    RecordHeaders headers = new RecordHeaders(record.headers());
    add(headers, "cinch-dlq-topic", record.topic());
    add(headers, "cinch-dlq-partition", String.valueOf(record.partition()));
    add(headers, "cinch-dlq-offset", String.valueOf(record.offset()));
    add(headers, "cinch-dlq-consumer", consumer);
    add(headers, "cinch-dlq-reason", why);
    add(headers, "cinch-dlq-at", clock.instant().toString());
    outbox.add(
        transaction,
        new ProducerRecord<>(
            Topic.DEAD_LETTER.name(), null, record.key(), record.value(), headers));
    log.warn("dead letter id={} reason=\"{}\"", record.position(), why);
  }

  private static void add(RecordHeaders headers, String name, String value) {
    headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
