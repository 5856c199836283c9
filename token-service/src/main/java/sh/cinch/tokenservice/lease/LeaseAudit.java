package sh.cinch.tokenservice.lease;

import static sh.cinch.database.token_service.Tables.LEASE_AUDIT;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;
import sh.cinch.service.retention.Retention;
import sh.cinch.tokenservice.caller.Caller;
import sh.cinch.tokenservice.credential.Credentials;

/**
 * Who leased what, counted by the minute. Counted in memory, so that a lease waits for no write,
 * and written every few seconds: a killed instance forgets those.
 */
public final class LeaseAudit implements Step {

  private record Line(UUID credential, Caller caller, Instant minute) {}

  /** What all instances write in, so that none waits for another in a circle. */
  private static final Comparator<Line> ORDER =
      Comparator.comparing(Line::credential)
          .thenComparing(Line::caller)
          .thenComparing(Line::minute);

  private static final int SHOWN = 1000;

  private final Database database;
  private final Credentials credentials;
  private final InstantSource clock;
  private final Map<Line, Integer> counts = new ConcurrentHashMap<>();

  public LeaseAudit(Database database, Credentials credentials, InstantSource clock) {
    this.database = database;
    this.credentials = credentials;
    this.clock = clock;
  }

  /**
   * One caller's leases of a credential in one minute.
   *
   * @param minute its beginning
   */
  public record Minute(Instant minute, String caller, int leases) {}

  /** The newest ones that are written down, newest first. */
  public List<Minute> newest(UUID credential) {
    return database
        .sql()
        .select(LEASE_AUDIT.MINUTE, LEASE_AUDIT.CALLER, LEASE_AUDIT.LEASES)
        .from(LEASE_AUDIT)
        .where(LEASE_AUDIT.CREDENTIAL_ID.eq(credential))
        .orderBy(LEASE_AUDIT.MINUTE.desc(), LEASE_AUDIT.CALLER)
        .limit(SHOWN)
        .fetch(row -> new Minute(row.value1(), row.value2(), row.value3()));
  }

  /** What is older than anybody looks back. */
  public static Retention.Batch old() {
    return Retention.of(LEASE_AUDIT, LEASE_AUDIT.MINUTE);
  }

  void lent(UUID credential, Caller caller) {
    Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    counts.merge(new Line(credential, caller, minute), 1, Integer::sum);
  }

  /** Writes what has been counted; where that fails, it stays counted. */
  @Override
  public boolean run() {
    SortedMap<Line, Integer> taken = take();
    try {
      if (!taken.isEmpty()) {
        database.write(transaction -> write(transaction, taken));
      }
    } catch (RuntimeException e) {
      taken.forEach((line, leases) -> counts.merge(line, leases, Integer::sum));
      throw e;
    }
    return false;
  }

  private SortedMap<Line, Integer> take() {
    SortedMap<Line, Integer> taken = new TreeMap<>(ORDER);
    for (Line line : List.copyOf(counts.keySet())) {
      Integer leases = counts.remove(line);
      if (leases != null) {
        taken.put(line, leases);
      }
    }
    return taken;
  }

  private void write(DSLContext transaction, SortedMap<Line, Integer> taken) {
    taken.forEach(
        (line, leases) ->
            transaction
                .insertInto(LEASE_AUDIT)
                .set(LEASE_AUDIT.CREDENTIAL_ID, line.credential())
                .set(LEASE_AUDIT.CALLER, line.caller().word())
                .set(LEASE_AUDIT.MINUTE, line.minute())
                .set(LEASE_AUDIT.LEASES, leases)
                .onConflict(LEASE_AUDIT.CREDENTIAL_ID, LEASE_AUDIT.CALLER, LEASE_AUDIT.MINUTE)
                .doUpdate()
                .set(LEASE_AUDIT.LEASES, LEASE_AUDIT.LEASES.plus(DSL.val(leases)))
                .execute());
    SortedMap<UUID, Instant> last = new TreeMap<>();
    taken.keySet().forEach(line -> last.merge(line.credential(), line.minute(), LeaseAudit::later));
    last.forEach((id, minute) -> credentials.lent(transaction, id, minute));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
