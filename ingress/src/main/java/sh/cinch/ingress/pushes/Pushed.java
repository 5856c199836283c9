package sh.cinch.ingress.pushes;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import sh.cinch.schema.event.EventId;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Incoming;

/**
 * A push event as the API shows it.
 *
 * @param id its {@code ce_id}
 * @param data the event, as JSON
 */
record Pushed(
    @JsonIgnore Repository repository,
    String id,
    Instant time,
    String type,
    @JsonRawValue String data) {

  /** Empty for what nobody could use. */
  static Optional<Pushed> read(Incoming record) {
    String type = record.header("ce_type").orElse(Topic.PUSH.type());
    Optional<Instant> time = time(record);
    if (!type.equals(Topic.PUSH.type())
        || time.isEmpty()
        || EventId.objection(record.eventId()).isPresent()) {
      return Optional.empty();
    }
    return switch (EventJson.read(record.value(), PushEvent.class)) {
      case Reading.Good<PushEvent>(PushEvent push) ->
          Optional.of(
              new Pushed(
                  push.repository(),
                  record.eventId(),
                  time.get(),
                  type,
                  // Not as it came, which may be another encoding.
                  new String(EventJson.write(push), StandardCharsets.UTF_8)));
      case Reading.Bad<PushEvent> bad -> Optional.empty();
    };
  }

  /** The broker's where the record does not say; empty where it says nonsense. */
  private static Optional<Instant> time(Incoming record) {
    try {
      return Optional.of(
          record
              .header("ce_time")
              .map(text -> OffsetDateTime.parse(text).toInstant())
              .orElseGet(record::brokerTime));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** About what it takes in memory, and no less than in an answer. */
  int bytes() {
    return 2 * data.length() + 2 * id.length() + 500;
  }
}
