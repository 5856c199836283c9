package sh.cinch.service.due;

import java.lang.reflect.Array;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.CommonTableExpression;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.RowN;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.UpdatableRecord;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows are effects: a row is due once {@code due_at} has passed. Claiming moves
 * {@code due_at} past the end of the attempt, so that a claim that ran out is simply due again, and
 * counts {@code claim} up, so that whoever held the row before can no longer write to it.
 */
public final class DueRows<R extends UpdatableRecord<R>> {

  private final Table<R> table;
  private final TableField<R, @Nullable Instant> dueAt;
  private final TableField<R, Long> claim;
  private final InstantSource clock;
  private final QueryPart order;

  public DueRows(
      Table<R> table,
      TableField<R, @Nullable Instant> dueAt,
      TableField<R, Long> claim,
      InstantSource clock) {
    this(table, dueAt, claim, clock, dueAt);
  }

  private DueRows(
      Table<R> table,
      TableField<R, @Nullable Instant> dueAt,
      TableField<R, Long> claim,
      InstantSource clock,
      QueryPart order) {
    this.table = table;
    this.dueAt = dueAt;
    this.claim = claim;
    this.clock = clock;
    this.order = order;
  }

  /**
   * The same, where of one owner's rows some go before the others.
   *
   * @param first says which; there is an index of owner, this descending, and when the row is due
   */
  public DueRows<R> first(TableField<R, Boolean> first) {
    return new DueRows<>(table, dueAt, claim, clock, DSL.list(first.desc(), dueAt));
  }

  /**
   * Takes up to {@code limit} due rows, the longest due first, passing over those that others are
   * taking.
   *
   * @param hold how long the attempt may take; afterwards the row is anybody's
   */
  public List<R> claim(DSLContext sql, Condition which, int limit, Duration hold) {
    return claim(
        sql,
        sql.select(key())
            .from(table)
            .where(dueAt.le(clock.instant()))
            .and(which)
            .orderBy(dueAt)
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        hold);
  }

  /**
   * The same of several owners at once.
   *
   * @param limits how many of each, at most
   */
  <O> List<R> claim(DSLContext sql, TableField<R, O> owner, Map<O, Integer> limits, Duration hold) {
    if (limits.isEmpty()) {
      return List.of();
    }
    // However many there are, the statement's text is the same.
    QueryPart wanted =
        DSL.list(
            DSL.val(
                limits.keySet().toArray((Object[]) Array.newInstance(owner.getType(), 0)),
                owner.getDataType().getArrayDataType()),
            DSL.val(limits.values().toArray(Integer[]::new)));
    return claim(
        sql,
        sql.resultQuery(
            """
            select taken.*
            from unnest({0}) wanted(owner, most)
            cross join lateral (
              select {1} from {2} where {3} = wanted.owner and {4} <= {5}
              order by {6} limit wanted.most for update skip locked) taken
            """,
            wanted, DSL.list(key()), table, owner, dueAt, DSL.val(clock.instant(), dueAt), order),
        hold);
  }

  private List<R> claim(DSLContext sql, ResultQuery<Record> keys, Duration hold) {
    RowN key = DSL.row(key());
    // Materialized: run again for each row of a join, it would lock and claim beyond the limit.
    CommonTableExpression<Record> free =
        DSL.name("free")
            .fields(key().stream().map(Field::getName).toArray(String[]::new))
            .asMaterialized(keys);
    return sql.with(free)
        .update(table)
        .set(dueAt, clock.instant().plus(hold))
        .set(claim, claim.plus(1))
        .where(key.in(sql.select(free.fields()).from(free)))
        .returning()
        .fetch();
  }

  Instant now() {
    return clock.instant();
  }

  boolean isAnyDue(DSLContext sql) {
    // By the index, whatever the planner believes of a table whose rows come and go.
    Field<Instant> first = DSL.field(DSL.name("first", dueAt.getName()), dueAt.getDataType());
    return sql.fetchExists(
        sql.select(dueAt)
            .from(table)
            .where(dueAt.isNotNull())
            .orderBy(dueAt)
            .limit(1)
            .asTable("first"),
        first.le(clock.instant()));
  }

  /**
   * What is due, of one owner after the other. A look costs a few steps in an index of (owner, due
   * at) for each owner, however many rows are due.
   *
   * @param owner of a row, in the order of the database
   * @param after the owner to go on after
   * @param last the last owner that is looked at
   * @param owners looked at
   * @param most rows counted of each
   * @return for each owner looked at, also where nothing of it is due yet
   */
  <O> List<Due<O>> due(
      DSLContext sql,
      TableField<R, O> owner,
      @Nullable O after,
      @Nullable O last,
      int owners,
      int most) {
    Condition isWithin = last == null ? DSL.noCondition() : owner.le(last);
    Condition isFurther = after == null ? isWithin : owner.gt(after).and(isWithin);
    Field<O> each = DSL.field(DSL.name("owners", "owner"), owner.getDataType());
    return sql.resultQuery(
            """
            with recursive owners(owner) as (
              (select {1} from {0} where {2} is not null and {3} order by {1} limit 1)
              union all
              select (
                select {1} from {0}
                where {2} is not null and {1} > {4} and {8} order by {1} limit 1)
              from owners where {4} is not null)
            select {4}, due.since, due.many
            from (select {4} from owners where {4} is not null limit {5}) owners
            cross join lateral (
              select min(counted.at) as since, count(*)::int as many
              from (
                select {2} as at from {0}
                where {1} = {4} and {2} <= {6} order by {2} limit {7}) counted) due
            """,
            table,
            owner,
            dueAt,
            isFurther,
            each,
            DSL.inline(owners),
            DSL.val(clock.instant(), dueAt),
            DSL.val(most),
            isWithin)
        .fetch(
            row ->
                new Due<>(
                    row.get(0, owner.getType()), row.get(1, Instant.class), row.get(2, int.class)));
  }

  /**
   * What of an owner is due.
   *
   * @param since when the first of its rows was; null where there is none
   * @param many rows, as far as they were counted
   */
  record Due<O>(O owner, @Nullable Instant since, int many) {}

  /**
   * Writes what came of an attempt.
   *
   * @param next when the row is due again; null: not until something makes it so
   * @return false where the claim had run out and somebody else has the row: then nothing was
   *     written
   */
  public boolean settle(
      DSLContext sql, R claimed, Map<? extends Field<?>, ?> changes, @Nullable Instant next) {
    return sql.update(table)
            .set(dueAt, next)
            .set(changes)
            .where(same(claimed))
            .and(claim.eq(Objects.requireNonNull(claimed.get(claim))))
            .execute()
        == 1;
  }

  private Condition same(R row) {
    return DSL.and(key().stream().map(field -> equal(field, row)).toList());
  }

  private static <T> Condition equal(Field<T> field, Record row) {
    return field.eq(row.get(field));
  }

  private List<? extends Field<?>> key() {
    return Objects.requireNonNull(table.getPrimaryKey(), "a due table has a primary key")
        .getFields();
  }
}
