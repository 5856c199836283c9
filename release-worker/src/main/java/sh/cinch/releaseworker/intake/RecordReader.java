package sh.cinch.releaseworker.intake;

import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import sh.cinch.releaseworker.intake.ReadRecord.Bad;
import sh.cinch.releaseworker.intake.ReadRecord.Fault;
import sh.cinch.releaseworker.intake.ReadRecord.Refused;
import sh.cinch.releaseworker.intake.ReadRecord.Usable;
import sh.cinch.releaseworker.releases.ReceivedRelease;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.intake.StorableText;
import sh.cinch.service.kafka.Incoming;

/** Reads a record, finds its repository, and looks whether the release can be carried out. */
final class RecordReader {

  /** What names a release is stored and shown. */
  private static final int LONGEST_NAME = 255;

  private static final int LONGEST_SOURCE = 2048;

  private final ConnectionDirectory connections;
  private final Function<String, Optional<String>> sourceObjection;
  private final long largest;

  /**
   * @param sourceObjection why a source can never be used
   * @param largest bytes that a file may have
   */
  RecordReader(
      ConnectionDirectory connections,
      Function<String, Optional<String>> sourceObjection,
      long largest) {
    this.connections = connections;
    this.sourceObjection = sourceObjection;
    this.largest = largest;
  }

  /**
   * @throws IllegalStateException where the connections cannot be known now
   */
  ReadRecord read(Incoming record) {
    return switch (EventJson.read(record.value(), ReleaseRequest.class)) {
      case Reading.Bad<ReleaseRequest>(String reason) -> new Bad(record, Fault.MALFORMED, reason);
      case Reading.Good<ReleaseRequest>(ReleaseRequest request) ->
          malformation(request, record)
              .<ReadRecord>map(reason -> new Bad(record, Fault.MALFORMED, reason))
              .orElseGet(() -> resolved(request, record));
    };
  }

  private static Optional<String> malformation(ReleaseRequest request, Incoming record) {
    return Stream.concat(
            Stream.of(
                StorableText.objection("header 'ce_id'", record.eventId(), LONGEST_NAME),
                StorableText.objection("field 'tag'", request.tag(), LONGEST_NAME)),
            request.files().stream()
                .flatMap(
                    file ->
                        Stream.of(
                            StorableText.objection("field 'files.name'", file.name(), LONGEST_NAME),
                            StorableText.objection(
                                "field 'files.source'", file.source(), LONGEST_SOURCE))))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private ReadRecord resolved(ReleaseRequest request, Incoming record) {
    return connections
        .find(request.repository())
        .map(connection -> connected(connection, request, record))
        .orElseGet(
            () ->
                new Bad(
                    record,
                    Fault.UNKNOWN_REPOSITORY,
                    "unknown repository %s: connect it first (cinch repo add), then replay this"
                        .formatted(request.repository())));
  }

  private ReadRecord connected(
      ConnectionEvent connection, ReleaseRequest request, Incoming record) {
    Repository repository = connection.repository();
    return switch (connection.state()) {
      case DISCONNECTED ->
          new Refused(
              record,
              repository,
              request,
              "the repository is not connected with Cinch any more",
              false);
      case CONNECTED ->
          request.files().stream()
              .flatMap(file -> objection(file).stream())
              .findFirst()
              .<ReadRecord>map(reason -> new Refused(record, repository, request, reason, true))
              .orElseGet(() -> named(repository, request, record));
    };
  }

  private Optional<String> objection(ReleaseRequest.File file) {
    return file.size() > largest
        ? Optional.of(
            "%s has %d bytes; at most %d are released (CINCH_RELEASE_LARGEST_MIB)"
                .formatted(file.name(), file.size(), largest))
        : sourceObjection
            .apply(file.source())
            .map(reason -> "%s cannot be fetched: %s".formatted(file.name(), reason));
  }

  private static ReadRecord named(Repository repository, ReleaseRequest request, Incoming record) {
    try {
      return new Usable(
          new ReceivedRelease(repository, request, DownloadNames.of(request), record));
    } catch (IllegalArgumentException e) {
      return new Refused(record, repository, request, String.valueOf(e.getMessage()), true);
    }
  }
}
