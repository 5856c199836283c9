package sh.cinch.service.database;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertOnDuplicateStep;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.TableRecord;
import org.jooq.UpdatableRecord;
import org.jooq.impl.DSL;

/**
 * Rows that are written together: those of one table and the same columns go by one statement over
 * arrays, whose text is the same however many they are.
 */
public final class RowBatch {

  private RowBatch() {}

  private record Kind(Table<?> table, List<TableField<?, ?>> touched) {

    static Kind of(TableRecord<?> row) {
      return new Kind(
          row.getTable(), columns(Stream.of(row.fields()).filter(row::touched).toList()));
    }

    private static List<TableField<?, ?>> columns(List<? extends Field<?>> ofTable) {
      return ofTable.stream().<TableField<?, ?>>map(column -> (TableField<?, ?>) column).toList();
    }

    List<TableField<?, ?>> key() {
      return columns(
          Objects.requireNonNull(table.getPrimaryKey(), "it has a primary key").getFields());
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
            (kind, some) -> {
              Given<Record> given = given(kind.touched(), some);
              int unused =
                  conflict
                      .apply(
                          sql.insertInto(kind.table())
                              .columns(kind.touched())
                              .select(
                                  DSL.select(kind.touched().stream().map(given::field).toList())
                                      .from(given.table())
                                      .orderBy(given.number())))
                      .execute();
              some.forEach(row -> row.touched(false));
            });
  }

  private static Given<Record> given(
      List<TableField<?, ?>> columns, Collection<? extends Record> rows) {
    Given<Record> given = new Given<>(rows);
    columns.forEach(column -> give(given, column));
    return given;
  }

  private static <V> void give(Given<Record> given, TableField<?, V> column) {
    Given<Record> unused = given.with(column, row -> row.get(column));
  }

  /**
   * What was touched of them, where their keys were not.
   *
   * @param rows locked in this transaction, where others may write some of them too: they are
   *     changed in no order
   */
  public static void update(DSLContext sql, Collection<? extends UpdatableRecord<?>> rows) {
    byKind(rows.stream().filter(Record::touched).toList())
        .forEach(
            (kind, some) -> {
              List<TableField<?, ?>> key = kind.key();
              Given<Record> given =
                  given(Stream.of(kind.touched(), key).flatMap(List::stream).toList(), some);
              Map<Field<?>, Field<?>> changes = new LinkedHashMap<>();
              kind.touched().forEach(column -> changes.put(column, given.field(column)));
              int unused =
                  sql.update(kind.table())
                      .set(changes)
                      .from(given.table())
                      .where(given.is(key.toArray(TableField<?, ?>[]::new)))
                      .execute();
              some.forEach(row -> row.touched(false));
            });
  }

  private static <R extends TableRecord<?>> Map<Kind, List<R>> byKind(Collection<R> rows) {
    return rows.stream()
        .collect(Collectors.groupingBy(Kind::of, LinkedHashMap::new, Collectors.toList()));
  }
}
