package sh.cinch.statusworker.disconnections;

import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.statusworker.statuses.CommitStatuses;

/** Ends what is under way of repositories that were disconnected: nothing can post it any more. */
public final class DisconnectionIntake implements Recorder<Optional<Repository>> {

  private static final Logger log = LoggerFactory.getLogger(DisconnectionIntake.class);

  private final CommitStatuses statuses;
  private final Runnable recorded;

  /**
   * @param recorded told after each batch: outcomes may have to be sent
   */
  public DisconnectionIntake(CommitStatuses statuses, Runnable recorded) {
    this.statuses = statuses;
    this.recorded = recorded;
  }

  @Override
  public Optional<Repository> read(Incoming record) {
    return switch (EventJson.read(record.value(), ConnectionEvent.class)) {
      case Reading.Good<ConnectionEvent>(ConnectionEvent event) ->
          event.state() == ConnectionEvent.State.DISCONNECTED
              ? Optional.of(event.repository())
              : Optional.empty();
      case Reading.Bad<ConnectionEvent>(String reason) -> {
        // Whose topic it is makes the dead letter.
        log.warn("ignored a bad connection record={}: {}", record, reason);
        yield Optional.empty();
      }
    };
  }

  @Override
  public void record(DSLContext transaction, List<Optional<Repository>> batch) {
    batch.stream()
        .flatMap(Optional::stream)
        .forEach(repository -> statuses.disconnected(transaction, repository));
  }

  @Override
  public void recorded() {
    recorded.run();
  }
}
