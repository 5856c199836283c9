package sh.cinch.ingress.reconciler;

import static org.jooq.impl.DSL.excluded;
import static sh.cinch.database.ingress.Tables.RECONCILER_RUN;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/**
 * Brings looks forward where pushes may have been missed: no instance ran for a while, or the forge
 * was in an outage. Of those that share an account, whoever was looked at longest ago comes first.
 */
record AfterOutage(Database database, OutageWatch outages, InstantSource clock, Runnable told)
    implements Step {

  private static final Logger log = LoggerFactory.getLogger(AfterOutage.class);

  static final Duration EVERY = Duration.ofSeconds(30);

  /** Longer than instances take to be replaced. */
  private static final Duration AWAY = Duration.ofMinutes(2);

  /** Between two of an account: as much of its hour as the reconciler may have where it is new. */
  private static final Duration APART = Duration.ofSeconds(8);

  @Override
  public boolean run() {
    boolean wasOutage = outages.isOver();
    Instant now = clock.instant();
    int forward =
        database.transaction(
            transaction ->
                wasAway(transaction, now) || wasOutage ? bringForward(transaction, now) : 0);
    if (forward > 0) {
      log.info("pushes may have been missed, looking at repositories={} soon", forward);
      told.run();
    }
    return false;
  }

  /** Whether this is the first word of any instance for a while. */
  private static boolean wasAway(DSLContext transaction, Instant now) {
    Optional<Instant> last =
        transaction
            .select(RECONCILER_RUN.LAST_AT)
            .from(RECONCILER_RUN)
            .forUpdate()
            .fetchOptional(RECONCILER_RUN.LAST_AT);
    transaction
        .insertInto(RECONCILER_RUN)
        .set(RECONCILER_RUN.LAST_AT, now)
        .onConflict(RECONCILER_RUN.ID)
        .doUpdate()
        .set(RECONCILER_RUN.LAST_AT, excluded(RECONCILER_RUN.LAST_AT))
        .execute();
    return last.filter(at -> at.isBefore(now.minus(AWAY))).isPresent();
  }

  private static int bringForward(DSLContext transaction, Instant now) {
    return transaction.execute(
        """
        update {0} set {1} = line.at
        from (
          select {2} as id, {5} + {6} * row_number() over (
            partition by case when {3} = {7} then null else {4} end
            order by {8} nulls first) as at
          from {0} where {9} = {10} and {1} > {5}) line
        where {2} = line.id and {1} > line.at
        """,
        REPOSITORY,
        DSL.field(DSL.name(REPOSITORY.HEADS_DUE_AT.getName())),
        REPOSITORY.ID,
        REPOSITORY.CREDENTIAL_KIND,
        REPOSITORY.CREDENTIAL_ID,
        DSL.val(now, REPOSITORY.HEADS_DUE_AT),
        DSL.val(APART.toSeconds() + " seconds").cast(org.jooq.impl.SQLDataType.INTERVAL),
        DSL.inline(Connection.OAUTH),
        REPOSITORY.HEADS_LOOKED_AT,
        REPOSITORY.STATE,
        DSL.inline(Connection.State.CONNECTED.word()));
  }
}
