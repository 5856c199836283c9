package sh.cinch.ingress.reconciler;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;
import static sh.cinch.database.ingress.Tables.KNOWN_HEAD;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.WORKSPACE_LOOK;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.database.ingress.tables.records.WorkspaceLookRecord;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories.Changed;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.Given;
import sh.cinch.service.due.BackOff;
import sh.cinch.service.due.DueRows;
import sh.cinch.service.due.Step;

/**
 * Asks each workspace of which several repositories are connected what was changed in it: one
 * request for all of them, whose looks are then due at once. That a push counts as a change is not
 * sure, so that all are looked at in their turn all the same.
 */
final class WorkspaceLooks implements Step {

  private static final Logger log = LoggerFactory.getLogger(WorkspaceLooks.class);

  /** So many are looked at in no more requests than it takes to ask for them together. */
  static final int FEW = 3;

  private static final Duration CLAIM = Duration.ofMinutes(1);
  private static final int AT_ONCE = 10;

  /** What was changed just before the first look at a workspace may have been missed. */
  private static final Duration AT_FIRST = Duration.ofMinutes(5);

  private static final Duration REFUSED = Duration.ofMinutes(2);

  private final Database database;
  private final Forge forge;
  private final LookPace pace;
  private final InstantSource clock;
  private final LookCounts counts;
  private final Runnable told;
  private final DueRows<WorkspaceLookRecord> due;

  /**
   * @param told there are repositories to be looked at
   */
  WorkspaceLooks(
      Database database,
      Forge forge,
      LookPace pace,
      InstantSource clock,
      LookCounts counts,
      Runnable told) {
    this.database = database;
    this.forge = forge;
    this.pace = pace;
    this.clock = clock;
    this.counts = counts;
    this.told = told;
    this.due = new DueRows<>(WORKSPACE_LOOK, WORKSPACE_LOOK.DUE_AT, WORKSPACE_LOOK.CLAIM, clock);
  }

  /** Those that are worth asking for, as repositories come and go. */
  boolean adopt() {
    Condition isOfMany =
        REPOSITORY
            .STATE
            .eq(Connection.State.CONNECTED.word())
            .and(REPOSITORY.WORKSPACE_UUID.isNotNull())
            .and(REPOSITORY.CREDENTIAL_ID.isNotNull());
    database.write(
        transaction -> {
          transaction
              .insertInto(
                  WORKSPACE_LOOK,
                  WORKSPACE_LOOK.WORKSPACE_UUID,
                  WORKSPACE_LOOK.CREDENTIAL_ID,
                  WORKSPACE_LOOK.DUE_AT)
              .select(
                  select(
                          REPOSITORY.WORKSPACE_UUID,
                          REPOSITORY.CREDENTIAL_ID,
                          val(clock.instant(), WORKSPACE_LOOK.DUE_AT))
                      .from(REPOSITORY)
                      .where(isOfMany)
                      .groupBy(REPOSITORY.WORKSPACE_UUID, REPOSITORY.CREDENTIAL_ID)
                      .having(count().gt(FEW)))
              .onConflictDoNothing()
              .execute();
          transaction
              .deleteFrom(WORKSPACE_LOOK)
              .where(
                  notExists(
                      selectOne()
                          .from(REPOSITORY)
                          .where(isOfMany)
                          .and(REPOSITORY.WORKSPACE_UUID.eq(WORKSPACE_LOOK.WORKSPACE_UUID))
                          .and(REPOSITORY.CREDENTIAL_ID.eq(WORKSPACE_LOOK.CREDENTIAL_ID))))
              .execute();
        });
    return false;
  }

  @Override
  public boolean run() {
    List<WorkspaceLookRecord> claimed = due.claim(database.sql(), noCondition(), AT_ONCE, CLAIM);
    claimed.forEach(this::look);
    return claimed.size() == AT_ONCE;
  }

  private void look(WorkspaceLookRecord row) {
    if (forge.allowance(row.getCredentialId(), Purpose.RECONCILING)
        instanceof Allowance.None none) {
      counts.withheld();
      boolean unused = settle(row, Map.of(), LookPace.rest(none));
      return;
    }
    Instant asked = clock.instant();
    Instant seen = row.getSeenUntil() == null ? asked.minus(AT_FIRST) : row.getSeenUntil();
    ForgeSession session =
        forge.open(
            ForgeCaller.once(row.getCredentialId(), Purpose.RECONCILING),
            () -> clock.instant().isBefore(asked.plus(CLAIM)));
    ForgeResult<List<Changed>> result =
        session.repositories().changed(row.getWorkspaceUuid(), seen);
    counts.looked(result);
    Duration pause = pace.afterWorkspace(row.getCredentialId(), session.requests().size());
    if (result instanceof ForgeResult.Done<List<Changed>>(List<Changed> changed, var status)) {
      Instant until = changed.stream().map(Changed::at).max(Instant::compareTo).orElse(seen);
      if (settle(row, Map.of(WORKSPACE_LOOK.SEEN_UNTIL, until), pause) && bringForward(changed)) {
        told.run();
      }
    } else {
      // Whatever is wrong: the repositories are looked at in their turn.
      log.debug("a workspace does not tell its changes: credential={}", row.getCredentialId());
      boolean unused = settle(row, Map.of(), BackOff.longer(pause, REFUSED));
    }
  }

  /** Those of which nothing was published since: their looks are due at once. */
  private boolean bringForward(List<Changed> changed) {
    Given<Changed> given =
        new Given<>(changed)
            .with(REPOSITORY.FORGE_UUID, Changed::uuid)
            .with(REPOSITORY.HEADS_LOOKED_AT, Changed::at);
    Instant now = clock.instant();
    return !changed.isEmpty()
        && database
                .sql()
                .update(REPOSITORY)
                .set(REPOSITORY.HEADS_DUE_AT, now)
                .from(given.table())
                .where(given.is(REPOSITORY.FORGE_UUID))
                .and(REPOSITORY.STATE.eq(Connection.State.CONNECTED.word()))
                .and(REPOSITORY.HEADS_DUE_AT.gt(now))
                .and(
                    notExists(
                        selectOne()
                            .from(KNOWN_HEAD)
                            .where(KNOWN_HEAD.REPOSITORY_ID.eq(REPOSITORY.ID))
                            .and(KNOWN_HEAD.NUMBER.gt(0L))
                            .and(
                                KNOWN_HEAD.CHANGED_AT.ge(given.field(REPOSITORY.HEADS_LOOKED_AT)))))
                .execute()
            > 0;
  }

  private boolean settle(
      WorkspaceLookRecord row, Map<? extends Field<?>, ?> changes, Duration pause) {
    return due.settle(database.sql(), row, changes, clock.instant().plus(pause));
  }
}
