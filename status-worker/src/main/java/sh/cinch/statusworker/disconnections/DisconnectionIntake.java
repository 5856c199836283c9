package sh.cinch.statusworker.disconnections;

import java.util.List;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.service.database.Database;
import sh.cinch.service.intake.Recorder;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.statusworker.statuses.CommitStatuses;

/** Ends what is under way of repositories that were disconnected: nothing can post it any more. */
public final class DisconnectionIntake implements Recorder<Incoming> {

  private static final Logger log = LoggerFactory.getLogger(DisconnectionIntake.class);

  private final Database database;
  private final CommitStatuses statuses;
  private final Runnable recorded;

  /**
   * @param recorded told after each batch: outcomes may have to be sent
   */
  public DisconnectionIntake(Database database, CommitStatuses statuses, Runnable recorded) {
    this.database = database;
    this.statuses = statuses;
    this.recorded = recorded;
  }

  /** A repository may have many thousands under way: more than a batch's transaction is to hold. */
  @Override
  public Incoming read(Incoming record) {
    switch (EventJson.read(record.value(), ConnectionEvent.class)) {
      case Reading.Good<ConnectionEvent>(ConnectionEvent event) -> {
        if (event.state() == ConnectionEvent.State.DISCONNECTED) {
          statuses.disconnected(database, event.repository(), event.since());
        }
      }
      // Whose topic it is makes the dead letter.
      case Reading.Bad<ConnectionEvent>(String reason) ->
          log.warn("ignored a bad connection record={}: {}", record, reason);
    }
    return record;
  }

  /** All was, when it was read. */
  @Override
  public void record(DSLContext transaction, List<Incoming> batch) {}

  @Override
  public void recorded() {
    recorded.run();
  }
}
