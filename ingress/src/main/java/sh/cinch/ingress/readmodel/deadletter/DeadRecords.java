package sh.cinch.ingress.readmodel.deadletter;

import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.kafka.RecordLookup;

/** The records behind the list, where they lie. Blocks. */
public record DeadRecords(RecordLookup lookup) {

  /**
   * From the topic of dead letters; where it was cut, from its own topic. Empty where neither has
   * it any more.
   *
   * @throws Problem 503 where Kafka does not answer
   */
  public Optional<DeadRecord> find(ListedDeadLetter letter) {
    try {
      return letter.cut().isEmpty()
          ? asDeadLetter(letter)
          : original(letter).or(() -> asDeadLetter(letter));
    } catch (KafkaException e) {
      throw new Problem(503, "Not now", "Kafka does not answer; try again.")
          .retryAfter(RetryAfter.SOON);
    }
  }

  private Optional<DeadRecord> original(ListedDeadLetter letter) {
    return Topic.named(letter.topic())
        .flatMap(topic -> lookup.find(topic, letter.partition(), letter.offset()))
        .filter(record -> isOfTheEvent(letter, record))
        .map(record -> DeadRecord.of(record, true));
  }

  private Optional<DeadRecord> asDeadLetter(ListedDeadLetter letter) {
    return lookup
        .find(Topic.DEAD_LETTER, letter.place().partition(), letter.place().offset())
        .filter(record -> isOf(letter, record))
        .map(record -> DeadRecord.of(record, letter.cut().isEmpty()));
  }

  /** The topic may have been made anew since. */
  private static boolean isOf(ListedDeadLetter letter, Incoming record) {
    return DeadLetterRecorder.id(record).equals(letter.id()) && isOfTheEvent(letter, record);
  }

  private static boolean isOfTheEvent(ListedDeadLetter letter, Incoming record) {
    return letter.eventId().isEmpty()
        || letter.eventId().equals(DeadLetterRecorder.eventId(record));
  }
}
