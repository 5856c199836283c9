package sh.cinch.forge.call;

import static sh.cinch.database.forge.Tables.REQUEST_HOUR;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.forge.tables.records.RequestHourRecord;
import sh.cinch.forge.Pool;
import sh.cinch.service.database.Database;

/** The requests of the past hour in rows that the instances of all services share. */
record RequestLedger(Database database, InstantSource clock) {

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final int FORGOTTEN_AT_ONCE = 100;

  /**
   * A part of an identity's hour.
   *
   * @param party what its row is found by
   * @param whom whose it is, in words
   * @param most requests in an hour
   */
  record Share(String party, String whom, int most) {}

  /**
   * A share that is spent.
   *
   * @param pause until some of it is there again
   */
  record Spent(Share share, Duration pause) {}

  /**
   * Takes one request from all of the shares, or none from any.
   *
   * @param identity whose requests the forge counts together
   * @return the first share that is spent
   */
  Optional<Spent> take(String identity, Pool pool, List<Share> shares) {
    long now = clock.millis();
    long minute = now / MINUTE;
    return database.transaction(
        transaction -> {
          Map<String, RequestHourRecord> rows = lock(transaction, identity, pool, shares, minute);
          for (Share share : shares) {
            Hour hour = hour(row(rows, share)).at(minute);
            if (hour.sum() >= share.most()) {
              return Optional.of(
                  new Spent(share, Duration.ofMillis(hour.lessFrom() * MINUTE - now)));
            }
          }
          for (Share share : shares) {
            RequestHourRecord row = row(rows, share);
            write(row, hour(row).at(minute).plusOne());
          }
          return Optional.empty();
        });
  }

  /** In one order, so that no two wait for each other. */
  private static Map<String, RequestHourRecord> lock(
      DSLContext transaction, String identity, Pool pool, List<Share> shares, long minute) {
    Map<String, RequestHourRecord> rows = find(transaction, identity, pool, shares);
    if (rows.size() == shares.size()) {
      return rows;
    }
    forget(transaction, minute);
    shares.stream()
        .map(Share::party)
        .sorted()
        .forEach(
            party ->
                transaction
                    .insertInto(REQUEST_HOUR)
                    .set(REQUEST_HOUR.IDENTITY, identity)
                    .set(REQUEST_HOUR.POOL, pool.name())
                    .set(REQUEST_HOUR.PARTY, party)
                    .set(REQUEST_HOUR.NEWEST_MINUTE, minute)
                    .set(REQUEST_HOUR.COUNTS, counts(Hour.EMPTY))
                    .onConflictDoNothing()
                    .execute());
    return find(transaction, identity, pool, shares);
  }

  private static Map<String, RequestHourRecord> find(
      DSLContext transaction, String identity, Pool pool, List<Share> shares) {
    return transaction
        .selectFrom(REQUEST_HOUR)
        .where(REQUEST_HOUR.IDENTITY.eq(identity))
        .and(REQUEST_HOUR.POOL.eq(pool.name()))
        .and(REQUEST_HOUR.PARTY.in(shares.stream().map(Share::party).toList()))
        .orderBy(REQUEST_HOUR.PARTY)
        .forUpdate()
        .fetchMap(REQUEST_HOUR.PARTY);
  }

  /** Rows in which nothing counts any more. */
  private static void forget(DSLContext transaction, long minute) {
    var key = DSL.row(REQUEST_HOUR.IDENTITY, REQUEST_HOUR.POOL, REQUEST_HOUR.PARTY);
    Condition isOld = REQUEST_HOUR.NEWEST_MINUTE.lt(minute - Hour.MINUTES);
    transaction
        .deleteFrom(REQUEST_HOUR)
        .where(
            key.in(
                transaction
                    .select(REQUEST_HOUR.IDENTITY, REQUEST_HOUR.POOL, REQUEST_HOUR.PARTY)
                    .from(REQUEST_HOUR)
                    .where(isOld)
                    .limit(FORGOTTEN_AT_ONCE)
                    .forUpdate()
                    .skipLocked()))
        .execute();
  }

  private static RequestHourRecord row(Map<String, RequestHourRecord> rows, Share share) {
    return Objects.requireNonNull(rows.get(share.party()));
  }

  private static Hour hour(RequestHourRecord row) {
    return new Hour(row.getNewestMinute(), List.of(row.getCounts()));
  }

  private static void write(RequestHourRecord row, Hour hour) {
    row.setNewestMinute(hour.newest());
    row.setCounts(counts(hour));
    row.update();
  }

  private static Integer[] counts(Hour hour) {
    return hour.counts().toArray(Integer[]::new);
  }
}
