package sh.cinch.forge.call;

import static sh.cinch.database.forge.Tables.REQUEST_HOUR;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import sh.cinch.database.forge.tables.records.RequestHourRecord;
import sh.cinch.forge.Pool;
import sh.cinch.service.database.Database;

/** The requests of the past hour in rows that the instances of all services share. */
record RequestLedger(Database database, InstantSource clock) {

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final int MINUTES = 60;
  private static final int FORGOTTEN_AT_ONCE = 100;
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /**
   * A part of an identity's hour.
   *
   * @param parties whose requests count in it, each what a row is found by; one that is among them
   *     twice counts twice
   * @param words for where it is spent
   * @param most requests in an hour
   */
  record Share(List<String> parties, String words, int most) {}

  /**
   * No request was taken.
   *
   * @param words why
   * @param pause until one may be there again
   */
  record Spent(String words, Duration pause) {}

  /**
   * Takes one request from each party of the shares, or none from any.
   *
   * @param identity whose requests the forge counts together
   * @return why none was taken
   */
  Optional<Spent> take(String identity, Pool pool, List<Share> shares) {
    List<String> parties =
        shares.stream().flatMap(share -> share.parties().stream()).distinct().sorted().toList();
    try {
      return database.transaction(
          transaction -> {
            // Else one instance that was paused in here would keep all others' connections waiting.
            transaction.execute("set local lock_timeout = '1s'");
            return take(lock(transaction, identity, pool, parties), shares);
          });
    } catch (DataAccessException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.sqlState())) {
        return Optional.of(
            new Spent("who asks it how often could not be counted within a second", PAUSE));
      }
      throw e;
    }
  }

  private Optional<Spent> take(Map<String, RequestHourRecord> rows, List<Share> shares) {
    long now = clock.millis();
    long minute = now / MINUTE;
    Map<String, RollingCount> hours = new HashMap<>();
    rows.forEach((party, row) -> hours.put(party, hour(row).at(minute)));
    for (Share share : shares) {
      long free = minute;
      while (spent(share, hours, free) >= share.most()) {
        free++;
      }
      if (free > minute) {
        return Optional.of(new Spent(share.words(), Duration.ofMillis(free * MINUTE - now)));
      }
    }
    rows.forEach((party, row) -> write(row, Objects.requireNonNull(hours.get(party)).plus(1)));
    return Optional.empty();
  }

  /** What will count in a minute, where no more is taken until then. */
  private static int spent(Share share, Map<String, RollingCount> hours, long minute) {
    return share.parties().stream()
        .mapToInt(party -> Objects.requireNonNull(hours.get(party)).sumAt(minute))
        .sum();
  }

  /** In one order, so that no two wait for each other. */
  private Map<String, RequestHourRecord> lock(
      DSLContext transaction, String identity, Pool pool, List<String> parties) {
    Map<String, RequestHourRecord> rows = find(transaction, identity, pool, parties);
    if (rows.size() == parties.size()) {
      return rows;
    }
    long minute = clock.millis() / MINUTE;
    forget(transaction, minute);
    parties.forEach(
        party ->
            transaction
                .insertInto(REQUEST_HOUR)
                .set(REQUEST_HOUR.IDENTITY, identity)
                .set(REQUEST_HOUR.POOL, pool.name())
                .set(REQUEST_HOUR.PARTY, party)
                .set(REQUEST_HOUR.NEWEST_MINUTE, minute)
                .set(REQUEST_HOUR.COUNTS, counts(RollingCount.empty(MINUTES)))
                .onConflictDoNothing()
                .execute());
    return find(transaction, identity, pool, parties);
  }

  private static Map<String, RequestHourRecord> find(
      DSLContext transaction, String identity, Pool pool, List<String> parties) {
    return transaction
        .selectFrom(REQUEST_HOUR)
        .where(REQUEST_HOUR.IDENTITY.eq(identity))
        .and(REQUEST_HOUR.POOL.eq(pool.name()))
        .and(REQUEST_HOUR.PARTY.in(parties))
        .orderBy(REQUEST_HOUR.PARTY)
        .forUpdate()
        .fetchMap(REQUEST_HOUR.PARTY);
  }

  /** Rows in which nothing counts any more. */
  private static void forget(DSLContext transaction, long minute) {
    var key = DSL.row(REQUEST_HOUR.IDENTITY, REQUEST_HOUR.POOL, REQUEST_HOUR.PARTY);
    Condition isOld = REQUEST_HOUR.NEWEST_MINUTE.lt(minute - MINUTES);
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

  private static RollingCount hour(RequestHourRecord row) {
    return new RollingCount(row.getNewestMinute(), List.of(row.getCounts()));
  }

  private static void write(RequestHourRecord row, RollingCount hour) {
    row.setNewestMinute(hour.newest());
    row.setCounts(counts(hour));
    row.update();
  }

  private static Integer[] counts(RollingCount hour) {
    return hour.counts().toArray(Integer[]::new);
  }
}
