package sh.cinch.ingress.webhooks.delivery;

import static org.jooq.impl.DSL.select;
import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.FORMER_BODY;
import static sh.cinch.database.ingress.Tables.HOOK;

import java.time.Instant;
import sh.cinch.ingress.paging.OldItems;
import sh.cinch.service.database.Database;
import sh.cinch.service.retention.Retention;

/**
 * Lines that are too old to be kept, and on no first page. Of bodies that were published it stays
 * known that they came, for as long as their hook is there.
 */
record OldDeliveries() implements Retention.Batch {

  private static final OldItems<?> OLD =
      new OldItems<>(DELIVERY, DELIVERY.REPOSITORY_ID, DELIVERY.RECEIVED_AT);

  @Override
  public int delete(Database database, Instant before, int most) {
    // One statement, as with all that is old; replays and tests have no hash.
    return database
        .sql()
        .fetchSingle(
            """
            with old as materialized ({0}),
            gone as (
              delete from {1} where {2} in (select id from old)
              returning hook_id, body_sha256, received_at, events),
            kept as (
              insert into {3} (hook_id, body_sha256, came_at)
              select hook_id, body_sha256, max(received_at) from gone
              where events > 0 and length(body_sha256) > 0
              group by hook_id, body_sha256 order by hook_id, body_sha256
              on conflict (hook_id, body_sha256) do update set came_at = excluded.came_at)
            select count(*) from gone
            """,
            OLD.locked(before, most), DELIVERY, DELIVERY.ID, FORMER_BODY)
        .get(0, Integer.class);
  }

  /** Bodies whose signature is valid no more: their hook was removed. */
  static Retention.Batch formerBodies() {
    return (database, before, most) ->
        Retention.delete(
            database.sql(),
            FORMER_BODY,
            select(FORMER_BODY.HOOK_ID, FORMER_BODY.BODY_SHA256)
                .from(HOOK)
                .join(FORMER_BODY)
                .on(FORMER_BODY.HOOK_ID.eq(HOOK.ID))
                .where(HOOK.REMOVED_AT.lt(before))
                .limit(most)
                .forUpdate()
                .of(FORMER_BODY)
                .skipLocked());
  }
}
