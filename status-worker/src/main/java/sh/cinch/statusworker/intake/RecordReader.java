package sh.cinch.statusworker.intake;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.intake.StorableText;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.statusworker.intake.ReadRecord.Bad;
import sh.cinch.statusworker.intake.ReadRecord.Fault;
import sh.cinch.statusworker.intake.ReadRecord.Unserved;
import sh.cinch.statusworker.intake.ReadRecord.Usable;
import sh.cinch.statusworker.statuses.ReceivedBuildState;

/** Reads a record and finds its repository. */
final class RecordReader {

  /** What names a build is stored and indexed. */
  private static final int LONGEST_NAME = 255;

  private final ConnectionDirectory connections;

  RecordReader(ConnectionDirectory connections) {
    this.connections = connections;
  }

  /**
   * @throws IllegalStateException where the connections cannot be known now
   */
  ReadRecord read(Incoming record) {
    return switch (EventJson.read(record.value(), BuildState.class)) {
      case Reading.Bad<BuildState>(String reason) -> new Bad(record, Fault.MALFORMED, reason);
      case Reading.Good<BuildState>(BuildState build) ->
          objection("field 'key'", build.key())
              .or(() -> objection("field 'number'", build.number()))
              .or(() -> objection("header 'ce_id'", record.eventId()))
              .<ReadRecord>map(reason -> new Bad(record, Fault.MALFORMED, reason))
              .orElseGet(() -> resolved(build, record));
    };
  }

  private static Optional<String> objection(String what, @Nullable String name) {
    return name == null ? Optional.empty() : StorableText.objection(what, name, LONGEST_NAME);
  }

  private ReadRecord resolved(BuildState build, Incoming record) {
    return connections
        .find(build.repository())
        .map(connection -> connected(connection, build, record))
        .orElseGet(
            () ->
                new Bad(
                    record,
                    Fault.UNKNOWN_REPOSITORY,
                    "unknown repository %s: connect it first (cinch repo add), then replay this"
                        .formatted(build.repository())));
  }

  private static ReadRecord connected(
      ConnectionEvent connection, BuildState build, Incoming record) {
    return switch (connection.state()) {
      case CONNECTED -> new Usable(new ReceivedBuildState(connection.repository(), build, record));
      case DISCONNECTED -> new Unserved(record, connection.repository(), build);
    };
  }
}
