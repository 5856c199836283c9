package sh.cinch.service.database;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.BatchBindStep;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertOnDuplicateStep;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jooq.UpdatableRecord;
import org.jooq.impl.DSL;

/**
 * Rows that are written together: those of one table and the same columns go, in their order, by
 * one statement that is rendered once. jOOQ's own batches render it for each row.
 */
public final class RowBatch {

  private RowBatch() {}

  private record Kind(Table<?> table, List<Field<?>> touched) {

    static Kind of(TableRecord<?> row) {
      return new Kind(row.getTable(), Stream.of(row.fields()).filter(row::touched).toList());
    }

    List<? extends Field<?>> key() {
      return Objects.requireNonNull(table.getPrimaryKey(), "it has a primary key").getFields();
    }
  }

  public static void insert(DSLContext sql, Collection<? extends TableRecord<?>> rows) {
    insert(sql, rows, insert -> insert);
  }

  /**
   * The same where some may be there already.
   *
   * @param rows no two of which meet the same row where that is to be changed
   * @param conflict adds what is to be done then
   */
  public static void insert(
      DSLContext sql,
      Collection<? extends TableRecord<?>> rows,
      Function<InsertOnDuplicateStep<?>, Query> conflict) {
    byKind(rows)
        .forEach(
            (kind, some) ->
                execute(
                    sql,
                    conflict.apply(
                        sql.insertInto(kind.table())
                            .columns(kind.touched())
                            .values(Collections.nCopies(kind.touched().size(), null))),
                    kind.touched(),
                    some));
  }

  /** What was touched of them, where their keys were not. */
  public static void update(DSLContext sql, Collection<? extends UpdatableRecord<?>> rows) {
    byKind(rows.stream().filter(Record::touched).toList())
        .forEach(
            (kind, some) -> {
              Map<Field<?>, Object> none = new LinkedHashMap<>();
              kind.touched().forEach(column -> none.put(column, DSL.val(null, column)));
              List<Field<?>> given = new ArrayList<>(kind.touched());
              given.addAll(kind.key());
              Condition isIt = DSL.and(kind.key().stream().map(RowBatch::isGiven).toList());
              execute(sql, sql.update(kind.table()).set(none).where(isIt), given, some);
            });
  }

  private static <T> Condition isGiven(Field<T> column) {
    return column.eq(DSL.val(null, column));
  }

  private static <R extends TableRecord<?>> Map<Kind, List<R>> byKind(Collection<R> rows) {
    return rows.stream()
        .collect(Collectors.groupingBy(Kind::of, LinkedHashMap::new, Collectors.toList()));
  }

  private static void execute(
      DSLContext sql, Query query, List<Field<?>> given, List<? extends Record> rows) {
    BatchBindStep batch = sql.batch(query);
    for (Record row : rows) {
      batch = batch.bind(given.stream().map(row::get).toArray());
    }
    int[] unused = batch.execute();
    rows.forEach(row -> row.touched(false));
  }
}
