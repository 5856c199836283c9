package sh.cinch.service.keyset;

import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.KeyId;

/** All that is encrypted in a table's rows, told apart by the key that its bytes name. */
record Ciphertexts<R extends Record>(Database database, EncryptedTable<R> table) {

  /**
   * @param lasting how many are under a key they can stay under
   * @param others how many are not
   */
  record Count(long lasting, long others) {}

  /** The keys that something is encrypted with; bytes that name none are passed over. */
  NavigableSet<KeyId> keys() {
    NavigableSet<KeyId> keys = new TreeSet<>();
    for (TableField<R, byte[]> column : table.columns()) {
      database
          .sql()
          .selectDistinct(prefix(column))
          .from(table.table())
          .where(column.isNotNull())
          .fetch(prefix(column))
          .stream()
          .map(KeyId::of)
          .flatMap(Optional::stream)
          .forEach(keys::add);
    }
    return keys;
  }

  /** Some of those that are under a key, from each column. */
  List<Sealed<R>> samples(KeyId key, int limit) {
    return table.columns().stream()
        .flatMap(
            column ->
                database
                    .sql()
                    .select(fields(List.of(column)))
                    .from(table.table())
                    .where(prefix(column).eq(key.prefix()))
                    .orderBy(table.id())
                    .limit(limit)
                    .fetch(row -> sealed(row, column))
                    .stream())
        .toList();
  }

  /**
   * Those of the next rows that have any under a key they cannot stay under.
   *
   * @param after the last row that has been seen to; empty: from the beginning
   * @param limit how many rows
   */
  List<Sealed<R>> notUnder(Collection<KeyId> lasting, Optional<UUID> after, int limit) {
    return database
        .sql()
        .select(fields(table.columns()))
        .from(table.table())
        .where(DSL.or(table.columns().stream().map(column -> isOther(column, lasting)).toList()))
        .and(after.map(table.id()::gt).orElseGet(DSL::noCondition))
        .orderBy(table.id())
        .limit(limit)
        .fetch()
        .stream()
        .flatMap(row -> table.columns().stream().flatMap(column -> other(row, column, lasting)))
        .toList();
  }

  Count count(Collection<KeyId> lasting) {
    Field<Long> all = sum(Field::isNotNull);
    Field<Long> others = sum(column -> isOther(column, lasting));
    Record counted = database.sql().select(all, others).from(table.table()).fetchSingle();
    long left = Objects.requireNonNull(counted.get(others));
    return new Count(Objects.requireNonNull(counted.get(all)) - left, left);
  }

  /**
   * The same secret under another key. The row's version stays: nothing that is known of the row
   * has changed, and work that is under way with it must not be lost for it.
   *
   * @return false where the row is no longer as it was read: then nothing was written
   */
  boolean replace(Sealed<R> seen, byte[] fresh) {
    return database
            .sql()
            .update(table.table())
            .set(seen.column(), fresh)
            .where(table.id().eq(seen.row()))
            .and(
                table
                    .version()
                    .map(version -> version.eq(seen.version().orElseThrow()))
                    .orElseGet(DSL::noCondition))
            .and(seen.column().eq(seen.bytes()))
            .execute()
        == 1;
  }

  private List<SelectField<?>> fields(List<TableField<R, byte[]>> columns) {
    return Stream.of(Stream.of(table.id()), table.version().stream(), columns.stream())
        .<SelectField<?>>flatMap(fields -> fields)
        .toList();
  }

  private Stream<Sealed<R>> other(
      Record row, TableField<R, byte[]> column, Collection<KeyId> lasting) {
    byte[] bytes = row.get(column);
    return bytes == null || KeyId.of(bytes).filter(lasting::contains).isPresent()
        ? Stream.empty()
        : Stream.of(sealed(row, column));
  }

  private Sealed<R> sealed(Record row, TableField<R, byte[]> column) {
    UUID id = Objects.requireNonNull(row.get(table.id()));
    return new Sealed<>(
        id,
        table.version().map(row::get),
        column,
        Objects.requireNonNull(row.get(column)),
        table.location(id, column));
  }

  private static Condition isOther(Field<byte[]> column, Collection<KeyId> lasting) {
    return column
        .isNotNull()
        .and(prefix(column).notIn(lasting.stream().map(KeyId::prefix).toList()));
  }

  private Field<Long> sum(Function<Field<byte[]>, Condition> which) {
    return table.columns().stream()
        .map(column -> DSL.count().filterWhere(which.apply(column)).cast(Long.class))
        .reduce(Field::plus)
        .orElseThrow();
  }

  private static Field<byte[]> prefix(Field<byte[]> column) {
    return DSL.field(
        "substring({0} from 1 for {1})", byte[].class, column, DSL.inline(KeyId.PREFIX_BYTES));
  }
}
