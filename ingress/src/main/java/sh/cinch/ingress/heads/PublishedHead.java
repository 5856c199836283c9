package sh.cinch.ingress.heads;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.service.kafka.Incoming;

/**
 * What a record of {@code cinch.push.v1} says of a ref.
 *
 * @param hash null where the ref was deleted
 * @param offset of the record; those of one repository are all in one partition
 * @param at the broker's time of it
 */
public record PublishedHead(
    UUID repository, String ref, @Nullable String hash, String eventId, long offset, Instant at) {

  /** Empty where the record is of no push that just happened: a test, or one that is repeated. */
  public static Optional<PublishedHead> of(Incoming record, PushEvent push) {
    return Boolean.TRUE.equals(push.test()) || push.replayOf() != null || record.isReplay()
        ? Optional.empty()
        : Optional.of(
            new PublishedHead(
                push.repository().id(),
                push.ref(),
                push.newHash(),
                record.eventId(),
                record.offset(),
                record.brokerTime()));
  }
}
