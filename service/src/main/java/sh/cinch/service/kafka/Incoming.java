package sh.cinch.service.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.trace.Traceparent;

/** A record that came in, as far as it needs no knowledge of its topic. */
public record Incoming(ConsumerRecord<byte[], byte[]> record) {

  /** The header of what is sent once more. */
  public static final String REPLAY = "cinch-replay";

  /** A record that was kept, as it came. */
  public static Incoming kept(
      Topic<?> topic,
      int partition,
      long offset,
      Instant brokerTime,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {
    return new Incoming(
        new ConsumerRecord<>(
            topic.name(),
            partition,
            offset,
            brokerTime.toEpochMilli(),
            TimestampType.LOG_APPEND_TIME,
            key == null ? ConsumerRecord.NULL_SIZE : key.length,
            value == null ? ConsumerRecord.NULL_SIZE : value.length,
            key,
            value,
            headers,
            Optional.empty()));
  }

  /** {@code ce_id}; a record of a runner that gives none is known by where it lies. */
  public String eventId() {
    return header("ce_id").filter(id -> !id.isBlank()).orElseGet(this::position);
  }

  /** {@code topic-partition-offset}: the id of its dead letter, should it become one. */
  public String position() {
    return topic() + "-" + partition() + "-" + offset();
  }

  /** Sent once more by a person, corrected or as it was. */
  public boolean isReplay() {
    return header(REPLAY).isPresent();
  }

  public Optional<String> header(String name) {
    Header header = headers().lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
  }

  public String topic() {
    return record.topic();
  }

  public int partition() {
    return record.partition();
  }

  public long offset() {
    return record.offset();
  }

  /** The next hop of the sender's trace; one that begins here where the sender gave none. */
  public Traceparent trace() {
    return Traceparent.continued(header(Traceparent.HEADER).orElse(null));
  }

  /** When the broker took it: no sender's clock can move it. */
  public Instant brokerTime() {
    return Instant.ofEpochMilli(record.timestamp());
  }

  /**
   * When a broker took it first, as far as it says: a replay, and a dead letter, has that of its
   * original. Never after {@link #brokerTime}.
   */
  public Instant takenAt() {
    boolean isLater = isReplay() || topic().equals(Topic.DEAD_LETTER.name());
    try {
      return header(DeadLetterHeaders.TAKEN)
          .filter(text -> isLater)
          .map(Instant::parse)
          .filter(taken -> taken.isAfter(Instant.EPOCH) && taken.isBefore(brokerTime()))
          .orElseGet(this::brokerTime);
    } catch (DateTimeParseException e) {
      return brokerTime();
    }
  }

  public byte @Nullable [] key() {
    return record.key();
  }

  public byte @Nullable [] value() {
    return record.value();
  }

  public Headers headers() {
    return record.headers();
  }

  @Override
  public String toString() {
    return position();
  }
}
