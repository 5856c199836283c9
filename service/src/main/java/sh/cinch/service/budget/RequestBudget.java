package sh.cinch.service.budget;

import static sh.cinch.database.service.Tables.REQUEST_BUDGET;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jooq.Field;
import org.jooq.impl.DSL;
import sh.cinch.service.database.Database;

/**
 * The requests that an account may make in one of a forge's pools, shared by all instances through
 * one row: it fills evenly, never beyond a small stock, so that an hour's requests are not made in
 * its first minute.
 */
public final class RequestBudget {

  /** What may be saved up: three minutes' worth. */
  private static final double STOCK = 1.0 / 20;

  private static final double SECONDS_AN_HOUR = 3600;

  private final Database database;
  private final InstantSource clock;
  private final String identity;
  private final String pool;
  private final double perHour;

  /**
   * @param identity whose requests the forge counts together: an OAuth client, or a token
   * @param pool the forge counts each of its pools by itself
   */
  public RequestBudget(
      Database database, InstantSource clock, String identity, String pool, int perHour) {
    this.database = database;
    this.clock = clock;
    this.identity = identity;
    this.pool = pool;
    this.perHour = perHour;
  }

  /**
   * Takes as many as there are, and no more than that many.
   *
   * @return how many requests may be made now
   */
  public int take(int wanted) {
    Instant now = clock.instant();
    return database.transaction(
        transaction -> {
          transaction
              .insertInto(REQUEST_BUDGET)
              .set(REQUEST_BUDGET.IDENTITY, identity)
              .set(REQUEST_BUDGET.POOL, pool)
              .set(REQUEST_BUDGET.AVAILABLE, stock())
              .set(REQUEST_BUDGET.COUNTED_AT, now)
              .onConflictDoNothing()
              .execute();
          var row =
              transaction
                  .selectFrom(REQUEST_BUDGET)
                  .where(REQUEST_BUDGET.IDENTITY.eq(identity))
                  .and(REQUEST_BUDGET.POOL.eq(pool))
                  .forUpdate()
                  .fetchSingle();
          double filled = filled(row.getAvailable(), row.getCountedAt(), now);
          int given = (int) Math.min(wanted, Math.floor(filled));
          row.setAvailable(filled - given);
          // Never back: it may have been closed until a time to come.
          row.setCountedAt(now.isAfter(row.getCountedAt()) ? now : row.getCountedAt());
          row.update();
          return given;
        });
  }

  /** Gives nothing for that long: the forge has said that it is too much. */
  public void close(Duration span) {
    Field<Instant> end = DSL.val(clock.instant().plus(span), REQUEST_BUDGET.COUNTED_AT);
    database
        .sql()
        .update(REQUEST_BUDGET)
        .set(REQUEST_BUDGET.AVAILABLE, 0.0)
        .set(REQUEST_BUDGET.COUNTED_AT, DSL.greatest(REQUEST_BUDGET.COUNTED_AT, end))
        .where(REQUEST_BUDGET.IDENTITY.eq(identity))
        .and(REQUEST_BUDGET.POOL.eq(pool))
        .execute();
  }

  private double filled(double available, Instant countedAt, Instant now) {
    double seconds = Math.max(0, Duration.between(countedAt, now).toMillis() / 1000.0);
    return Math.min(stock(), available + seconds * perHour / SECONDS_AN_HOUR);
  }

  private double stock() {
    return Math.max(1, perHour * STOCK);
  }
}
