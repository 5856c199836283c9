package sh.cinch.service.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Configuration;
import org.jooq.DSLContext;

/** What wants to know how a transaction ended. */
final class Afterwards {

  private static final Object KEY = Afterwards.class;

  private final List<TransactionEnd> told = new ArrayList<>();

  void begin(Configuration transaction) {
    Object unused = transaction.data(KEY, this);
  }

  /** Empty outside of a transaction. */
  static Optional<Afterwards> of(DSLContext sql) {
    return Optional.ofNullable((Afterwards) sql.configuration().data(KEY));
  }

  void add(TransactionEnd end) {
    told.add(end);
  }

  void ended(boolean isCommitted) {
    told.forEach(end -> end.ended(isCommitted));
  }
}
