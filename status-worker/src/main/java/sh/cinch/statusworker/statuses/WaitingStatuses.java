package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.RowN;
import org.jooq.impl.DSL;

/**
 * The statuses that wait for a forge's limit: due once that may be over at the latest, and brought
 * forward as soon as there is room.
 */
public record WaitingStatuses(InstantSource clock) {

  private static final Condition IS_WAITING = STATUS.DUE_AT.eq(STATUS.WAITING_UNTIL);

  /**
   * The repositories that have some, however many each has, by their ids.
   *
   * @param after only those that come after this one
   */
  public List<UUID> repositories(DSLContext sql, UUID after, int most) {
    return sql.resultQuery(
            """
            with recursive owners(owner) as (
              (select {1} from {0} where {2} and {1} > {4} order by {1} limit 1)
              union all
              select (select {1} from {0} where {2} and {1} > owners.owner order by {1} limit 1)
              from owners where owners.owner is not null)
            select owners.owner from owners where owners.owner is not null limit {3}
            """,
            STATUS, STATUS.REPOSITORY_ID, IS_WAITING, DSL.inline(most), DSL.val(after))
        .fetch(row -> row.get(0, UUID.class));
  }

  /**
   * Makes some of a repository's due now, those that wait longest.
   *
   * @param credential with which they would be tried first
   * @param areFinal those that end a build, or those that do not
   * @return how many
   */
  public int bringForward(
      DSLContext sql, UUID repository, UUID credential, boolean areFinal, int most) {
    RowN key = DSL.row(STATUS.getPrimaryKey().getFields());
    return sql.update(STATUS)
        .set(STATUS.DUE_AT, clock.instant())
        .where(
            key.in(
                sql.select(STATUS.getPrimaryKey().getFields())
                    .from(STATUS)
                    .where(STATUS.REPOSITORY_ID.eq(repository))
                    .and(IS_WAITING)
                    .and(STATUS.IS_FINAL.eq(areFinal))
                    .and(STATUS.POSTED_BY.isNull().or(STATUS.POSTED_BY.eq(credential)))
                    .orderBy(STATUS.DUE_AT)
                    .limit(most)
                    .forUpdate()
                    .skipLocked()))
        .execute();
  }

  public int count(DSLContext sql) {
    return sql.fetchCount(STATUS, IS_WAITING);
  }
}
