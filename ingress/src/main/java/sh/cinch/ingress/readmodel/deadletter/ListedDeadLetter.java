package sh.cinch.ingress.readmodel.deadletter;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A dead letter as it stands in the list, and as the API shows it.
 *
 * @param id {@code topic-partition-offset} of the original
 * @param key for people: cut where it is long
 * @param eventId {@code ce_id}; empty where the record had none
 * @param bytes of the value, as far as it lies on the topic of dead letters
 * @param cut what there was no room for there, of {@code key}, {@code headers} and {@code value}
 * @param settledAt when it was replayed or dropped
 * @param replayOf the dead letter whose replay has become this one
 * @param deadAgainAs the dead letter that its own replay has become
 */
public record ListedDeadLetter(
    String id,
    String topic,
    int partition,
    long offset,
    String consumer,
    String reason,
    Instant at,
    Optional<String> key,
    Optional<Named> repository,
    Optional<String> eventId,
    int bytes,
    List<String> cut,
    DeadLetterState state,
    Optional<Instant> settledAt,
    Optional<String> replayOf,
    Optional<String> deadAgainAs,
    @JsonIgnore Place place) {

  /** The same once it has been sent. */
  ListedDeadLetter replayed(Instant now) {
    return new ListedDeadLetter(
        id,
        topic,
        partition,
        offset,
        consumer,
        reason,
        at,
        key,
        repository,
        eventId,
        bytes,
        cut,
        DeadLetterState.REPLAYED,
        Optional.of(now),
        replayOf,
        deadAgainAs,
        place);
  }

  /** The repository that it names, as far as Cinch knows it, and as the record calls it. */
  public record Named(Optional<UUID> id, Optional<String> fullName) {}

  /** Where it lies on the topic of dead letters. */
  record Place(int partition, long offset) {}
}
