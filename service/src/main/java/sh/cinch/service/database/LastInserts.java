package sh.cinch.service.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.TableRecord;

/** The rows that a transaction inserts last: whoever adds one need not know of the others. */
final class LastInserts {

  private static final Object KEY = LastInserts.class;

  private final List<TableRecord<?>> rows = new ArrayList<>();

  static LastInserts begin(Configuration transaction) {
    LastInserts inserts = new LastInserts();
    Object unused = transaction.data(KEY, inserts);
    return inserts;
  }

  /** Empty outside of a transaction. */
  static Optional<LastInserts> of(DSLContext sql) {
    return Optional.ofNullable((LastInserts) sql.configuration().data(KEY));
  }

  void add(TableRecord<?> row) {
    rows.add(row);
  }

  void write(DSLContext transaction) {
    RowBatch.insert(transaction, rows);
  }
}
