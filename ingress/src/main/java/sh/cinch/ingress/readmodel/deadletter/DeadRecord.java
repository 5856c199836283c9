package sh.cinch.ingress.readmodel.deadletter;

import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.kafka.DeadLetterHeaders;
import sh.cinch.service.kafka.Incoming;

/**
 * The record that became a dead letter, as it came.
 *
 * @param headers without those that say why it is dead
 * @param takenAt when the broker took it first
 * @param isWhole whether nothing of it is missing
 */
@SuppressWarnings("ArrayRecordComponent") // only ever read
public record DeadRecord(
    byte @Nullable [] key,
    Headers headers,
    byte @Nullable [] value,
    Instant takenAt,
    boolean isWhole) {

  static DeadRecord of(Incoming record, boolean isWhole) {
    RecordHeaders own = new RecordHeaders();
    for (Header header : record.headers()) {
      if (!DeadLetterHeaders.ALL.contains(header.key())) {
        own.add(header);
      }
    }
    return new DeadRecord(record.key(), own, record.value(), record.takenAt(), isWhole);
  }
}
