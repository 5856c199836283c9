package sh.cinch.service.intake;

import java.util.List;
import org.jooq.DSLContext;
import sh.cinch.service.kafka.Incoming;

/** Writes a batch down. The same batch may come again: recording it twice must be as once. */
public interface Recorder {

  /** Within one transaction, by idempotent upserts; no effect on the outside world. */
  void record(DSLContext transaction, List<Incoming> batch);

  /** The transaction is committed: what was recorded may be acted upon. */
  default void recorded() {}
}
