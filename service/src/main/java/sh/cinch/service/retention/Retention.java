package sh.cinch.service.retention;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.RowN;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;

/**
 * Deletes what is older than it is kept: a batch a turn, so that nothing else waits for long.
 * Several instances may do so at once.
 */
public final class Retention implements Step {

  private static final Duration NOW_AND_THEN = Duration.ofMinutes(10);
  private static final int BATCH = 1_000;

  /** Deletes rows that are of no use any more, in transactions of its own. */
  @FunctionalInterface
  public interface Batch {

    /**
     * @param before what is younger stays
     * @param most about so many rows
     * @return how many rows went; fewer than {@code most} where no more is to go now
     */
    int delete(Database database, Instant before, int most);
  }

  /**
   * @param what names it in its loop and its metric
   */
  public record Kind(String what, Duration kept, Batch batch) {}

  private final Database database;
  private final InstantSource clock;
  private final Counter deleted;
  private final int batch;
  private final Kind kind;

  Retention(Database database, InstantSource clock, MeterRegistry metrics, int batch, Kind kind) {
    this.database = database;
    this.clock = clock;
    this.deleted = metrics.counter("cinch.retention.deleted", "what", kind.what());
    this.batch = batch;
    this.kind = kind;
  }

  /** Each kind in a loop of its own: one that fails, or has much to do, holds up no other. */
  public static void start(RunningService service, ServiceContext context, List<Kind> kinds) {
    for (Kind kind : kinds) {
      service.loop(
          "old-" + kind.what(),
          new Retention(context.database(), context.clock(), context.metrics(), BATCH, kind),
          NOW_AND_THEN);
    }
  }

  @Override
  public boolean run() {
    int count = kind.batch().delete(database, clock.instant().minus(kind.kept()), batch);
    deleted.increment(count);
    return count >= batch;
  }

  /** Rows that say when they came, and that nothing else refers to. */
  public static <R extends Record> Batch of(Table<R> table, TableField<R, Instant> at) {
    return of(table, at, DSL.noCondition());
  }

  public static <R extends Record> Batch of(
      Table<R> table, TableField<R, Instant> at, Condition which) {
    return (database, before, most) ->
        delete(
            database.sql(),
            table,
            DSL.select(key(table).getFields())
                .from(table)
                .where(at.lt(before))
                .and(which)
                .orderBy(at)
                .limit(most)
                .forUpdate()
                .skipLocked());
  }

  /**
   * One statement: it waits for nobody's row.
   *
   * @param old the primary keys of the rows to delete, locked, passing over those that are
   */
  public static int delete(DSLContext sql, Table<?> table, Select<?> old) {
    RowN key = DSL.row(key(table).getFields());
    // Materialized: run again for each row of a join, it would lock and delete beyond its limit.
    CommonTableExpression<?> rows = DSL.name("old").asMaterialized(old);
    return sql.with(rows)
        .delete(table)
        .where(key.in(DSL.select(rows.fields()).from(rows)))
        .execute();
  }

  public static UniqueKey<?> key(Table<?> table) {
    return Objects.requireNonNull(table.getPrimaryKey(), "it has a primary key");
  }
}
