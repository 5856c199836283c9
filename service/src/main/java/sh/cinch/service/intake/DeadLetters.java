package sh.cinch.service.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
import sh.cinch.service.kafka.DeadLetterHeaders;
import sh.cinch.service.kafka.FittingDeadLetter;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.text.OneLine;

/**
 * Puts away what cannot be used, as it came, with the reason beside it. A flood of them is put away
 * like any other; the log names only the first ones of it. Docs: decisions/0031.
 */
public final class DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final String consumer;
  private final Outbox outbox;
  private final InstantSource clock;
  private final Counter counted;
  private final DeadLetterFlood flood = new DeadLetterFlood();

  public DeadLetters(String consumer, Outbox outbox, InstantSource clock, MeterRegistry metrics) {
    this.consumer = consumer;
    this.outbox = outbox;
    this.clock = clock;
    this.counted = metrics.counter("cinch.dead.letters", "consumer", consumer);
    Gauge.builder("cinch.dead.letters.flood", this, DeadLetters::flood)
        .description("Whether there are more dead letters in a minute than the log names")
        .tag("consumer", consumer)
        .strongReference(true)
        .register(metrics);
  }

  private int flood() {
    return flood.isUnderWay(clock.instant()) ? 1 : 0;
  }

  /**
   * @param reason for the person who sent it: what is wrong and what to do
   */
  public void put(DSLContext transaction, Incoming record, String reason) {
    String why = Cut.to(OneLine.of(reason), Limits.REASON);
    if (record.topic().equals(Topic.DEAD_LETTER.name())) {
      // Another one of it would come back here, again and again.
      log.error(
          "a dead letter that cannot be used stays where it is id={} reason=\"{}\"", record, why);
      return;
    }
    RecordHeaders headers = new RecordHeaders(record.headers());
    headers.remove(DeadLetterHeaders.CUT);
    add(headers, DeadLetterHeaders.TOPIC, record.topic());
    add(headers, DeadLetterHeaders.PARTITION, String.valueOf(record.partition()));
    add(headers, DeadLetterHeaders.OFFSET, String.valueOf(record.offset()));
    add(headers, DeadLetterHeaders.CONSUMER, consumer);
    add(headers, DeadLetterHeaders.REASON, why);
    add(headers, DeadLetterHeaders.AT, clock.instant().toString());
    add(headers, DeadLetterHeaders.TAKEN, record.takenAt().toString());
    outbox.add(
        transaction,
        FittingDeadLetter.of(
            new ProducerRecord<>(
                Topic.DEAD_LETTER.name(), null, record.key(), record.value(), headers),
            FittingDeadLetter.LARGEST));
    counted.increment();
    switch (flood.next(clock.instant())) {
      case CALM -> log.warn("dead letter id={} reason=\"{}\"", record.position(), why);
      case BEGINS ->
          log.warn(
              "a flood of dead letters, more than {} in a minute: further ones are not named here."
                  + " cinch dead-letters list shows them; consumer={} id={} reason=\"{}\"",
              DeadLetterFlood.MOST,
              consumer,
              record.position(),
              why);
      case GOES_ON -> log.debug("dead letter id={} reason=\"{}\"", record.position(), why);
    }
  }

  private static void add(RecordHeaders headers, String name, String value) {
    headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
