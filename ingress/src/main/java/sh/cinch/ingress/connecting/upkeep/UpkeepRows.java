package sh.cinch.ingress.connecting.upkeep;

import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.HOOK;
import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.database.ingress.tables.records.HookUpkeepRecord;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.BackOff;
import sh.cinch.service.due.DueRows;

/** The rows of hooks that are looked after: when each is looked at next. */
final class UpkeepRows {

  /** All requests of a look, each with its own time limit, and the lease they need. */
  static final Duration CLAIM = Duration.ofMinutes(3);

  /** A sign of trouble brings a look forward, but not sooner after the last one. */
  static final Duration LOOKED_AT_MOST_EVERY = Duration.ofMinutes(10);

  private static final Duration REFUSED_JUST_NOW = Duration.ofMinutes(2);
  private static final Duration FIRST_WITHIN = Duration.ofHours(6);
  private static final int REFUSED = 401;
  private static final int AT_ONCE = 10_000;

  private final Database database;
  private final InstantSource clock;
  private final DueRows<HookUpkeepRecord> due;

  UpkeepRows(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.due = new DueRows<>(HOOK_UPKEEP, HOOK_UPKEEP.DUE_AT, HOOK_UPKEEP.CLAIM, clock);
  }

  Instant now() {
    return clock.instant();
  }

  List<HookUpkeepRecord> claim(int most) {
    return due.claim(database.sql(), DSL.trueCondition(), most, CLAIM);
  }

  /** Whether nobody else has taken it, and the hook is still there to be mended. */
  boolean isHeld(HookUpkeepRecord row) {
    return database
        .sql()
        .fetchExists(
            selectOne()
                .from(HOOK_UPKEEP)
                .join(HOOK)
                .on(HOOK.ID.eq(HOOK_UPKEEP.HOOK_ID))
                .join(REPOSITORY)
                .on(REPOSITORY.ID.eq(HOOK.REPOSITORY_ID))
                .where(HOOK_UPKEEP.HOOK_ID.eq(row.getHookId()))
                .and(HOOK_UPKEEP.CLAIM.eq(row.getClaim()))
                .and(HOOK_UPKEEP.DUE_AT.gt(clock.instant()))
                .and(HOOK.REMOVED_AT.isNull())
                .and(REPOSITORY.STATE.eq(Connection.State.CONNECTED.word())));
  }

  boolean settle(
      DSLContext sql, HookUpkeepRecord row, Map<Field<?>, Object> changes, Duration next) {
    return due.settle(sql, row, changes, clock.instant().plus(next));
  }

  /** One that was just led to an address which is none to lead to any more. */
  void goOn(DSLContext sql, HookUpkeepRecord row, String address) {
    sql.update(HOOK_UPKEEP)
        .set(HOOK_UPKEEP.MOVING, true)
        .set(HOOK_UPKEEP.DUE_AT, clock.instant())
        .where(HOOK_UPKEEP.HOOK_ID.eq(row.getHookId()))
        .and(HOOK_UPKEEP.CLAIM.eq(row.getClaim()))
        .and(HOOK_UPKEEP.ADDRESS.ne(address))
        .execute();
  }

  /** Nobody looks after a hook that is removed. */
  void forget(HookUpkeepRecord row) {
    database.sql().deleteFrom(HOOK_UPKEEP).where(HOOK_UPKEEP.HOOK_ID.eq(row.getHookId())).execute();
  }

  /**
   * The forge has it under this address now, or a person was told to make it so.
   *
   * @param moving whether that is not the address it is to have
   */
  void made(UUID hookId, String address, boolean moving) {
    Instant now = clock.instant();
    Instant first = moving ? now : now.plus(BackOff.spread(FIRST_WITHIN, FIRST_WITHIN));
    database
        .sql()
        .insertInto(HOOK_UPKEEP)
        .set(HOOK_UPKEEP.HOOK_ID, hookId)
        .set(HOOK_UPKEEP.DUE_AT, first)
        .set(HOOK_UPKEEP.ADDRESS, address)
        .set(HOOK_UPKEEP.MOVING, moving)
        .set(HOOK_UPKEEP.GOOD_AT, now)
        .onConflict(HOOK_UPKEEP.HOOK_ID)
        .doUpdate()
        .set(HOOK_UPKEEP.ADDRESS, address)
        .set(HOOK_UPKEEP.MOVING, moving)
        .set(HOOK_UPKEEP.GOOD_AT, now)
        .setNull(HOOK_UPKEEP.TROUBLE)
        .setNull(HOOK_UPKEEP.MISSING_SINCE)
        .set(
            HOOK_UPKEEP.DUE_AT,
            DSL.when(isNotClaimed(now), DSL.least(HOOK_UPKEEP.DUE_AT, DSL.val(first)))
                .otherwise(HOOK_UPKEEP.DUE_AT))
        .execute();
  }

  /** Those of connections that were made by a release that knew none of this. */
  void addMissing() {
    // Spread by the database: one statement, however many there are.
    Field<Instant> first =
        DSL.field(
            "{0} + random() * interval '1 second' * {1}",
            HOOK_UPKEEP.DUE_AT.getDataType(),
            DSL.val(clock.instant(), HOOK_UPKEEP.DUE_AT),
            DSL.inline(FIRST_WITHIN.toSeconds()));
    database
        .sql()
        .insertInto(HOOK_UPKEEP, HOOK_UPKEEP.HOOK_ID, HOOK_UPKEEP.DUE_AT)
        .select(
            select(HOOK.ID, first)
                .from(HOOK)
                .join(REPOSITORY)
                .on(REPOSITORY.ID.eq(HOOK.REPOSITORY_ID))
                .where(HOOK.REMOVED_AT.isNull())
                .and(REPOSITORY.STATE.eq(Connection.State.CONNECTED.word()))
                .andNotExists(selectOne().from(HOOK_UPKEEP).where(HOOK_UPKEEP.HOOK_ID.eq(HOOK.ID)))
                .limit(AT_ONCE))
        .onConflictDoNothing()
        .execute();
  }

  /** Something may be wrong with it. */
  void soon(Condition which) {
    soon(which, Duration.ZERO);
  }

  void soon(Condition which, Duration within) {
    Instant now = clock.instant();
    database
        .sql()
        .update(HOOK_UPKEEP)
        .set(HOOK_UPKEEP.DUE_AT, now.plus(within))
        .where(which)
        .and(isNotClaimed(now))
        .execute();
  }

  /** A row that is due later than any claim ends is nobody's now. */
  static Condition isNotClaimed(Instant now) {
    return HOOK_UPKEEP.DUE_AT.gt(now.plus(CLAIM));
  }

  /** Those that deliveries were just refused through. */
  void refusedLately() {
    Instant now = clock.instant();
    soon(
        HOOK_UPKEEP
            .LOOKED_AT
            .isNull()
            .or(HOOK_UPKEEP.LOOKED_AT.lt(now.minus(LOOKED_AT_MOST_EVERY)))
            .and(
                HOOK_UPKEEP.HOOK_ID.in(
                    select(DELIVERY.HOOK_ID)
                        .from(DELIVERY)
                        .where(DELIVERY.ANSWER.eq(DSL.inline(REFUSED)))
                        .and(DELIVERY.RECEIVED_AT.gt(now.minus(REFUSED_JUST_NOW))))));
  }

  /** Whether deliveries of this very webhook were refused for their signature since then. */
  boolean isSignatureRefused(UUID hookId, String uuid, Instant since) {
    return database
        .sql()
        .fetchExists(
            DELIVERY,
            DELIVERY
                .HOOK_ID
                .eq(hookId)
                .and(DELIVERY.ANSWER.eq(DSL.inline(REFUSED)))
                .and(DELIVERY.RECEIVED_AT.gt(since))
                .and(DELIVERY.OUTCOME.in("wrong-signature", "no-signature"))
                .and(
                    DELIVERY
                        .HOOK_UUID
                        .isNull()
                        .or(
                            DELIVERY.HOOK_UUID.eq(
                                HookUuid.parse(uuid).map(HookUuid::value).orElse(uuid)))));
  }

  DSLContext sql() {
    return database.sql();
  }

  Database database() {
    return database;
  }
}
