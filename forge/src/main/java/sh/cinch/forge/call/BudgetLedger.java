package sh.cinch.forge.call;

import static sh.cinch.database.forge.Tables.REQUEST_BUDGET;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.forge.tables.records.RequestBudgetRecord;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Priority;
import sh.cinch.service.database.Database;

/** The budgets in rows that the instances of all services share. */
record BudgetLedger(Database database, InstantSource clock, Window window, int usual) {

  private static final int FORGOTTEN_AT_ONCE = 100;
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * How a budget goes on.
   *
   * @param result for whoever changed it
   */
  record Step<T>(Budget next, T result) {}

  /** What is left in a window of which nothing else is known. */
  int usual(Pool pool) {
    return pool.hourly(usual);
  }

  /**
   * Changes a budget as it is now, while nobody else does.
   *
   * @throws DataAccessException also where another keeps it for longer than half a second: {@link
   *     #isUnknowable}
   */
  <T> Step<T> change(BudgetKey key, Function<Budget, Step<T>> change) {
    return database.transaction(
        transaction -> {
          // Else one instance that was paused in here would keep all others waiting.
          transaction.execute("set local lock_timeout = '500ms'");
          RequestBudgetRecord row = lock(transaction, key);
          Step<T> step = change.apply(budget(row).at(clock.instant()));
          write(row, step.next());
          return step;
        });
  }

  /** Whether the rows cannot be had now, which will pass. */
  static boolean isUnknowable(DataAccessException e) {
    return Database.isAway(e) || LOCK_NOT_AVAILABLE.equals(e.sqlState());
  }

  /** Empty where nothing was asked for in its window. */
  Optional<Budget> read(BudgetKey key) {
    return database
        .sql()
        .selectFrom(REQUEST_BUDGET)
        .where(REQUEST_BUDGET.IDENTITY.eq(key.identity()))
        .and(REQUEST_BUDGET.POOL.eq(key.pool().name()))
        .fetchOptional(row -> budget(row).at(clock.instant()));
  }

  /** All that are not to be asked for now. */
  Map<BudgetKey, Budget> resting() {
    Map<BudgetKey, Budget> resting = new HashMap<>();
    database
        .sql()
        .selectFrom(REQUEST_BUDGET)
        .where(REQUEST_BUDGET.RESTING_UNTIL.gt(clock.instant().minus(window.length())))
        .forEach(
            row ->
                resting.put(
                    new BudgetKey(row.getIdentity(), Pool.valueOf(row.getPool())),
                    budget(row).at(clock.instant())));
    return resting;
  }

  private RequestBudgetRecord lock(DSLContext transaction, BudgetKey key) {
    return find(transaction, key)
        .orElseGet(
            () -> {
              forget(transaction);
              RequestBudgetRecord row = transaction.newRecord(REQUEST_BUDGET);
              row.setIdentity(key.identity());
              row.setPool(key.pool().name());
              fill(row, Budget.fresh(window, key.pool(), usual(key.pool())).at(clock.instant()));
              transaction.insertInto(REQUEST_BUDGET).set(row).onConflictDoNothing().execute();
              return find(transaction, key).orElseThrow();
            });
  }

  private static Optional<RequestBudgetRecord> find(DSLContext transaction, BudgetKey key) {
    return transaction
        .selectFrom(REQUEST_BUDGET)
        .where(REQUEST_BUDGET.IDENTITY.eq(key.identity()))
        .and(REQUEST_BUDGET.POOL.eq(key.pool().name()))
        .forUpdate()
        .fetchOptional();
  }

  /** Rows in which nothing counts any more. */
  private void forget(DSLContext transaction) {
    var key = DSL.row(REQUEST_BUDGET.IDENTITY, REQUEST_BUDGET.POOL);
    transaction
        .deleteFrom(REQUEST_BUDGET)
        .where(
            key.in(
                transaction
                    .select(REQUEST_BUDGET.IDENTITY, REQUEST_BUDGET.POOL)
                    .from(REQUEST_BUDGET)
                    .where(
                        REQUEST_BUDGET.NEWEST_PART.lt(
                            window.part(clock.instant()) - window.places()))
                    .and(
                        REQUEST_BUDGET
                            .RESTING_UNTIL
                            .isNull()
                            .or(
                                REQUEST_BUDGET.RESTING_UNTIL.le(
                                    clock.instant().minus(window.length()))))
                    .limit(FORGOTTEN_AT_ONCE)
                    .forUpdate()
                    .skipLocked()))
        .execute();
  }

  private Budget budget(RequestBudgetRecord row) {
    Map<Priority, RollingCount> counts = new EnumMap<>(Priority.class);
    for (Priority each : Priority.values()) {
      counts.put(each, count(row.getNewestPart(), row.get(column(each))));
    }
    return new Budget(
        window,
        Pool.valueOf(row.getPool()),
        usual(Pool.valueOf(row.getPool())),
        counts,
        Optional.ofNullable(row.getAnnouncedLimit()),
        both(row.getLoweredLimit(), row.getLoweredUntil(), Budget.Lowered::new),
        both(row.getElsewhere(), row.getElsewhereUntil(), Budget.Elsewhere::new),
        both(
            row.getRestingSince(),
            row.getRestingUntil(),
            (since, until) -> new Rest(since, until, Optional.ofNullable(row.getProbingUntil()))),
        both(row.getRestingSince(), row.getRestedAt(), Budget.Rested::new));
  }

  /** Anew where the window is divided otherwise than it was. */
  private RollingCount count(long newest, Integer[] counts) {
    return counts.length == window.places()
        ? new RollingCount(newest, List.of(counts))
        : window.empty();
  }

  private static <A, B, T> Optional<T> both(
      @Nullable A one, @Nullable B other, BiFunction<A, B, T> of) {
    return one == null || other == null ? Optional.empty() : Optional.of(of.apply(one, other));
  }

  private static void write(RequestBudgetRecord row, Budget budget) {
    fill(row, budget);
    row.update();
  }

  private static void fill(RequestBudgetRecord row, Budget budget) {
    budget
        .counts()
        .forEach(
            (priority, count) -> {
              row.setNewestPart(count.newest());
              row.set(column(priority), count.counts().toArray(Integer[]::new));
            });
    row.setAnnouncedLimit(budget.announced().orElse(null));
    row.setLoweredLimit(budget.lowered().map(Budget.Lowered::limit).orElse(null));
    row.setLoweredUntil(budget.lowered().map(Budget.Lowered::until).orElse(null));
    row.setElsewhere(budget.elsewhere().map(Budget.Elsewhere::requests).orElse(null));
    row.setElsewhereUntil(budget.elsewhere().map(Budget.Elsewhere::until).orElse(null));
    row.setRestingSince(
        budget
            .rest()
            .map(Rest::since)
            .or(() -> budget.rested().map(Budget.Rested::since))
            .orElse(null));
    row.setRestingUntil(budget.rest().map(Rest::until).orElse(null));
    row.setProbingUntil(budget.rest().flatMap(Rest::probing).orElse(null));
    row.setRestedAt(budget.rested().map(Budget.Rested::at).orElse(null));
  }

  private static Field<Integer[]> column(Priority priority) {
    return switch (priority) {
      case FINAL -> REQUEST_BUDGET.FINALS;
      case START -> REQUEST_BUDGET.STARTS;
      case RELEASE -> REQUEST_BUDGET.RELEASES;
      case LOOK -> REQUEST_BUDGET.LOOKS;
      case RECONCILE -> REQUEST_BUDGET.RECONCILIATIONS;
    };
  }
}
