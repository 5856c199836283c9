package sh.cinch.ingress.paging;

import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.select;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Instant;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import sh.cinch.service.database.Database;
import sh.cinch.service.retention.Retention;

/**
 * What has been in a list of its repository for too long. Unless that is disconnected, the items of
 * its first page stay however old they are, so that a quiet repository's page never becomes empty.
 *
 * @param which of the items may go at all
 */
public record OldItems<R extends Record>(
    Table<R> table, TableField<R, UUID> repository, TableField<R, Instant> at, Condition which)
    implements Retention.Batch {

  private static final String DISCONNECTED = "disconnected";

  public OldItems(Table<R> table, TableField<R, UUID> repository, TableField<R, Instant> at) {
    this(table, repository, at, DSL.noCondition());
  }

  @Override
  public int delete(Database database, Instant before, int most) {
    return Retention.delete(database.sql(), table, locked(before, most));
  }

  /**
   * The primary keys of such items, locked, passing over those that are: repository by repository,
   * so that the index of its list serves.
   */
  public Select<?> locked(Instant before, int most) {
    Table<?> old =
        select(Retention.key(table).getFields())
            .from(table)
            .where(repository.eq(REPOSITORY.ID))
            .and(at.lt(before))
            .and(which)
            .and(REPOSITORY.STATE.eq(DISCONNECTED).or(at.lt(lastOfFirstPage())))
            .limit(most)
            .forUpdate()
            .skipLocked()
            .asTable("old");
    return select(old.fields()).from(REPOSITORY).crossJoin(lateral(old)).limit(most);
  }

  /** Null where the list is shorter: then nothing is before it. */
  private Field<Instant> lastOfFirstPage() {
    Table<R> newer = table.as("newer");
    return DSL.field(
        select(newer.field(at))
            .from(newer)
            .where(newer.field(repository).eq(REPOSITORY.ID))
            .orderBy(newer.field(at).desc())
            .limit(1)
            .offset(PageRequest.USUAL_LIMIT - 1));
  }
}
