package sh.cinch.ingress.connecting.session;

import static sh.cinch.database.ingress.Tables.SIGN_IN;

import java.time.Duration;
import java.time.InstantSource;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.database.Database;

/**
 * Browsers on their way through the forge's consent page. The state that comes back must be one
 * that this browser was sent away with, not long ago, and only once.
 */
public final class SignIns {

  public static final Duration LIFETIME = Duration.ofMinutes(10);

  private final Database database;
  private final InstantSource clock;

  public SignIns(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * @param browser what the browser keeps in a cookie meanwhile
   * @return the state to send along
   */
  public RandomToken begin(RandomToken browser) {
    RandomToken state = RandomToken.fresh();
    database
        .sql()
        .insertInto(SIGN_IN)
        .set(SIGN_IN.STATE_HASH, state.hash())
        .set(SIGN_IN.BROWSER_HASH, browser.hash())
        .set(SIGN_IN.EXPIRES_AT, clock.instant().plus(LIFETIME))
        .execute();
    return state;
  }

  /** True once; another browser that shows the state does not use it up. */
  public boolean end(RandomToken state, RandomToken browser) {
    return database
            .sql()
            .deleteFrom(SIGN_IN)
            .where(SIGN_IN.STATE_HASH.eq(state.hash()))
            .and(SIGN_IN.BROWSER_HASH.eq(browser.hash()))
            .and(SIGN_IN.EXPIRES_AT.gt(clock.instant()))
            .execute()
        == 1;
  }

  public void removeExpired() {
    database.sql().deleteFrom(SIGN_IN).where(SIGN_IN.EXPIRES_AT.le(clock.instant())).execute();
  }
}
