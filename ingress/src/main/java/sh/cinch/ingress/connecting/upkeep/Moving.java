package sh.cinch.ingress.connecting.upkeep;

import static org.jooq.impl.DSL.select;
import static sh.cinch.database.ingress.Tables.ADDRESS;
import static sh.cinch.database.ingress.Tables.HOOK;
import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import java.time.Instant;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.ingress.tables.records.AddressRecord;

/**
 * The webhooks' way to another address: begun once by whichever instance sees it first, done by
 * looks like all others, so that each instance goes on where another ended, and over once none has
 * a former address.
 */
record Moving(UpkeepRows rows) {

  private static final Logger log = LoggerFactory.getLogger(Moving.class);

  void towards(String address) {
    rows.database().write(transaction -> towards(transaction, address));
  }

  private void towards(DSLContext transaction, String address) {
    AddressRecord row =
        transaction
            .selectFrom(ADDRESS)
            .where(ADDRESS.URL.eq(address))
            .and(ADDRESS.ENDED_AT.isNull())
            .forUpdate()
            .skipLocked()
            .fetchOne();
    if (row == null) {
      return;
    }
    if (row.getBegunAt() == null) {
      begin(transaction, row);
    }
    if (!transaction.fetchExists(HOOK_UPKEEP, HOOK_UPKEEP.MOVING.isTrue())) {
      end(transaction, row);
    }
  }

  /** Where no address was known before, nobody knows which webhooks have another: looks tell. */
  private void begin(DSLContext transaction, AddressRecord row) {
    Instant now = rows.now();
    boolean isFirst = !transaction.fetchExists(ADDRESS, ADDRESS.URL.ne(row.getUrl()));
    var isElsewhere =
        isFirst
            ? HOOK_UPKEEP.ADDRESS.ne(row.getUrl())
            : HOOK_UPKEEP.ADDRESS.isDistinctFrom(row.getUrl());
    var isManaged =
        HOOK_UPKEEP.HOOK_ID.in(
            select(HOOK.ID).from(HOOK).where(HOOK.MANAGED).and(HOOK.REMOVED_AT.isNull()));
    transaction
        .update(HOOK_UPKEEP)
        .set(HOOK_UPKEEP.MOVING, false)
        .where(HOOK_UPKEEP.MOVING)
        .and(HOOK_UPKEEP.ADDRESS.eq(row.getUrl()))
        .execute();
    int many =
        transaction
            .update(HOOK_UPKEEP)
            .set(HOOK_UPKEEP.MOVING, true)
            .set(
                HOOK_UPKEEP.DUE_AT,
                DSL.when(UpkeepRows.isNotClaimed(now), DSL.val(now)).otherwise(HOOK_UPKEEP.DUE_AT))
            .where(isElsewhere)
            .and(isManaged)
            .execute();
    row.setBegunAt(now);
    row.update();
    // Should one of before count again, it is begun again.
    transaction
        .update(ADDRESS)
        .setNull(ADDRESS.BEGUN_AT)
        .setNull(ADDRESS.ENDED_AT)
        .where(ADDRESS.URL.ne(row.getUrl()))
        .and(ADDRESS.BEGUN_AT.isNotNull())
        .execute();
    if (many > 0) {
      log.info("{} webhooks are to be moved to {}", many, row.getUrl());
    }
  }

  private void end(DSLContext transaction, AddressRecord row) {
    int moved =
        transaction.fetchCount(
            HOOK_UPKEEP,
            HOOK_UPKEEP
                .ADDRESS
                .eq(row.getUrl())
                .and(HOOK_UPKEEP.MOVED_AT.ge(Objects.requireNonNull(row.getBegunAt()))));
    row.setEndedAt(rows.now());
    row.update();
    if (moved > 0) {
      log.info("{} webhooks were moved to {}: no former address is needed", moved, row.getUrl());
    }
  }
}
