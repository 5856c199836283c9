package sh.cinch.tokenservice.keyset;

import static sh.cinch.database.token_service.Tables.CREDENTIAL;

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
import org.jooq.TableField;
import org.jooq.impl.DSL;
import sh.cinch.database.token_service.tables.records.CredentialRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.KeyId;

/** All that is encrypted in the credentials' rows, told apart by the key that its bytes name. */
final class Ciphertexts {

  /**
   * @param lasting how many are under a key they can stay under
   * @param others how many are not
   */
  record Count(long lasting, long others) {}

  private static final List<TableField<CredentialRecord, byte[]>> COLUMNS =
      List.of(CREDENTIAL.AUTHORIZATION_SECRET, CREDENTIAL.REFRESH_SECRET);

  private final Database database;

  Ciphertexts(Database database) {
    this.database = database;
  }

  /** The keys that something is encrypted with; bytes that name none are passed over. */
  NavigableSet<KeyId> keys() {
    NavigableSet<KeyId> keys = new TreeSet<>();
    for (TableField<CredentialRecord, byte[]> column : COLUMNS) {
      database
          .sql()
          .selectDistinct(prefix(column))
          .from(CREDENTIAL)
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
  List<Sealed> samples(KeyId key, int limit) {
    return COLUMNS.stream()
        .flatMap(
            column ->
                database
                    .sql()
                    .select(CREDENTIAL.ID, CREDENTIAL.VERSION, column)
                    .from(CREDENTIAL)
                    .where(prefix(column).eq(key.prefix()))
                    .orderBy(CREDENTIAL.ID)
                    .limit(limit)
                    .fetch(row -> sealed(row, column))
                    .stream())
        .toList();
  }

  /**
   * Those of the next rows that have any under a key they cannot stay under.
   *
   * @param after the last credential that has been seen to; empty: from the beginning
   * @param limit how many rows
   */
  List<Sealed> notUnder(Collection<KeyId> lasting, Optional<UUID> after, int limit) {
    return database
        .sql()
        .select(CREDENTIAL.ID, CREDENTIAL.VERSION)
        .select(COLUMNS)
        .from(CREDENTIAL)
        .where(DSL.or(COLUMNS.stream().map(column -> isOther(column, lasting)).toList()))
        .and(after.map(CREDENTIAL.ID::gt).orElseGet(DSL::noCondition))
        .orderBy(CREDENTIAL.ID)
        .limit(limit)
        .fetch()
        .stream()
        .flatMap(row -> COLUMNS.stream().flatMap(column -> other(row, column, lasting)))
        .toList();
  }

  Count count(Collection<KeyId> lasting) {
    Field<Long> all = sum(column -> column.isNotNull());
    Field<Long> others = sum(column -> isOther(column, lasting));
    Record counted = database.sql().select(all, others).from(CREDENTIAL).fetchSingle();
    long left = Objects.requireNonNull(counted.get(others));
    return new Count(Objects.requireNonNull(counted.get(all)) - left, left);
  }

  /**
   * The same secret under another key. The row's version stays: nothing that is known of the
   * credential has changed, and a refresh that is under way must not be lost for it.
   *
   * @return false where the row is no longer as it was read: then nothing was written
   */
  boolean replace(Sealed seen, byte[] fresh) {
    return database
            .sql()
            .update(CREDENTIAL)
            .set(seen.column(), fresh)
            .where(CREDENTIAL.ID.eq(seen.credential()))
            .and(CREDENTIAL.VERSION.eq(seen.version()))
            .and(seen.column().eq(seen.bytes()))
            .execute()
        == 1;
  }

  private static Stream<Sealed> other(
      Record row, TableField<CredentialRecord, byte[]> column, Collection<KeyId> lasting) {
    byte[] bytes = row.get(column);
    return bytes == null || KeyId.of(bytes).filter(lasting::contains).isPresent()
        ? Stream.empty()
        : Stream.of(sealed(row, column));
  }

  private static Sealed sealed(Record row, TableField<CredentialRecord, byte[]> column) {
    return new Sealed(
        Objects.requireNonNull(row.get(CREDENTIAL.ID)),
        Objects.requireNonNull(row.get(CREDENTIAL.VERSION)),
        column,
        Objects.requireNonNull(row.get(column)));
  }

  private static Condition isOther(Field<byte[]> column, Collection<KeyId> lasting) {
    return column
        .isNotNull()
        .and(prefix(column).notIn(lasting.stream().map(KeyId::prefix).toList()));
  }

  private static Field<Long> sum(Function<Field<byte[]>, Condition> which) {
    return COLUMNS.stream()
        .map(column -> DSL.count().filterWhere(which.apply(column)).cast(Long.class))
        .reduce(Field::plus)
        .orElseThrow();
  }

  private static Field<byte[]> prefix(Field<byte[]> column) {
    return DSL.field(
        "substring({0} from 1 for {1})", byte[].class, column, DSL.inline(KeyId.PREFIX_BYTES));
  }
}
