package sh.cinch.service.intake;

import java.time.Duration;
import java.util.List;
import org.jooq.DSLContext;
import sh.cinch.service.kafka.Incoming;

/**
 * Reads records, then writes a batch of what was read. The same records may come again: recording
 * them twice must be as once.
 */
public interface Recorder<T> {

  /** Outside any transaction: may wait for others than the database, for Kafka too. */
  T read(Incoming record);

  /** Within one transaction, by idempotent upserts; waits for the database alone. */
  void record(DSLContext transaction, List<T> batch);

  /** The transaction is committed: what was recorded may be acted upon. */
  default void recorded() {}

  /**
   * After all that has come is recorded, how long to let more come that is then written together: a
   * batch costs the same, whatever is in it.
   */
  default Duration pause() {
    return Duration.ZERO;
  }
}
