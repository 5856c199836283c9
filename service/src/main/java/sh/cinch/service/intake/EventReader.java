package sh.cinch.service.intake;

import java.util.Optional;
import java.util.function.Function;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventId;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.intake.ReadEvent.Bad;
import sh.cinch.service.intake.ReadEvent.Fault;
import sh.cinch.service.intake.ReadEvent.Served;
import sh.cinch.service.intake.ReadEvent.Unserved;
import sh.cinch.service.kafka.Incoming;

/** Reads events, and finds the repository that each is about. */
public final class EventReader<E> {

  private final Class<E> type;
  private final Function<E, RepositoryRef> repository;
  private final ConnectionDirectory connections;

  public EventReader(
      Class<E> type, Function<E, RepositoryRef> repository, ConnectionDirectory connections) {
    this.type = type;
    this.repository = repository;
    this.connections = connections;
  }

  /**
   * @throws IllegalStateException where the connections cannot be known now
   */
  public ReadEvent<E> read(Incoming record) {
    return switch (EventJson.read(record.value(), type)) {
      case Reading.Bad<E>(String reason) -> new Bad<>(record, Fault.MALFORMED, reason);
      case Reading.Good<E>(E event) ->
          EventId.objection(record.eventId())
              .<ReadEvent<E>>map(reason -> new Bad<>(record, Fault.MALFORMED, reason))
              .orElseGet(() -> resolved(record, event));
    };
  }

  private ReadEvent<E> resolved(Incoming record, E event) {
    RepositoryRef named = repository.apply(event);
    Optional<ConnectionEvent> connection = connections.find(named);
    if (connection.isEmpty()) {
      return new Bad<>(
          record,
          Fault.UNKNOWN_REPOSITORY,
          "unknown repository %s: connect it first (cinch repo add), then replay this"
              .formatted(named));
    }
    return switch (connection.get().state()) {
      case CONNECTED -> new Served<>(record, connection.get().repository(), event);
      case DISCONNECTED -> new Unserved<>(record, connection.get().repository(), event);
    };
  }
}
