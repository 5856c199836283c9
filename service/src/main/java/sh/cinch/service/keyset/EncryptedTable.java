package sh.cinch.service.keyset;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import sh.cinch.service.secret.CiphertextLocation;

/**
 * The columns that a service encrypts with its keyset.
 *
 * @param secrets what is in them, for people: «credentials»
 * @param name the table's in every ciphertext's location: another one would open nothing
 * @param version compared beside the bytes before these are replaced; empty: the bytes alone
 */
public record EncryptedTable<R extends Record>(
    String secrets,
    String name,
    TableField<R, UUID> id,
    Optional<TableField<R, Long>> version,
    List<TableField<R, byte[]>> columns) {

  public EncryptedTable {
    columns = List.copyOf(columns);
  }

  public CiphertextLocation location(UUID row, Field<?> column) {
    return new CiphertextLocation(name, row.toString(), column.getName());
  }

  Table<R> table() {
    return id.getTable();
  }

  /** As far as an earlier release has made it: without the columns that migrations will add. */
  EncryptedTable<R> before(DSLContext migrations) {
    List<String> there =
        migrations
            .select(DSL.field("column_name", String.class))
            .from("information_schema.columns")
            .where(
                "table_schema || '.' || table_name = ?",
                table().getSchema().getName() + '.' + table().getName())
            .fetch(0, String.class);
    return new EncryptedTable<>(
        secrets,
        name,
        id,
        version,
        columns.stream().filter(column -> there.contains(column.getName())).toList());
  }
}
