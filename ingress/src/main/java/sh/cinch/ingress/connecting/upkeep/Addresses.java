package sh.cinch.ingress.connecting.upkeep;

import static sh.cinch.database.ingress.Tables.ADDRESS;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import sh.cinch.ingress.webhooks.hook.HookUrl;
import sh.cinch.service.database.Database;

/**
 * The addresses that this Cinch is and was reached by, as its instances say them. Where they say
 * several, the one that was begun last counts, so that an instance of before which is started again
 * takes nothing back; one that nobody has said for a while is begun anew.
 */
public record Addresses(Database database, InstantSource clock) {

  /** How often an instance says its own. */
  public static final Duration SAID_EVERY = Duration.ofMinutes(1);

  /** Long enough for an instance to be started again. */
  static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

  /** An instance is reached by it. */
  public void note(URI baseUrl) {
    Instant now = clock.instant();
    Condition isAnew = ADDRESS.SEEN_AT.lt(now.minus(FORGOTTEN_AFTER));
    database
        .sql()
        .insertInto(ADDRESS)
        .set(ADDRESS.URL, HookUrl.address(baseUrl))
        .set(ADDRESS.NOTED_AT, now)
        .set(ADDRESS.SEEN_AT, now)
        .onConflict(ADDRESS.URL)
        .doUpdate()
        .set(ADDRESS.NOTED_AT, DSL.when(isAnew, DSL.val(now)).otherwise(ADDRESS.NOTED_AT))
        .set(ADDRESS.BEGUN_AT, DSL.when(isAnew.not(), ADDRESS.BEGUN_AT))
        .set(ADDRESS.ENDED_AT, DSL.when(isAnew.not(), ADDRESS.ENDED_AT))
        .set(ADDRESS.SEEN_AT, DSL.greatest(ADDRESS.SEEN_AT, DSL.val(now)))
        .execute();
  }

  /** Where webhooks are to lead; empty where no instance has said one yet. */
  public Optional<String> current() {
    Condition isSaid = ADDRESS.SEEN_AT.ge(clock.instant().minus(FORGOTTEN_AFTER));
    return database
        .sql()
        .select(ADDRESS.URL)
        .from(ADDRESS)
        .orderBy(
            DSL.field(isSaid).desc(),
            DSL.when(isSaid, ADDRESS.NOTED_AT).otherwise(ADDRESS.SEEN_AT).desc(),
            ADDRESS.URL)
        .limit(1)
        .fetchOptional(ADDRESS.URL);
  }

  Set<String> all() {
    return database.sql().select(ADDRESS.URL).from(ADDRESS).fetchSet(ADDRESS.URL);
  }
}
