package sh.cinch.ingress.connecting.session;

import static sh.cinch.database.ingress.Tables.SESSION;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.database.ingress.tables.records.SessionRecord;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.Account;

/** Sessions are rows, so that any instance serves them. Blocks: never on an event loop. */
public final class Sessions {

  public static final Duration LIFETIME = Duration.ofDays(30);

  private final Database database;
  private final InstantSource clock;

  public Sessions(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What is returned goes into the browser's cookie and nowhere else. */
  public RandomToken open(Account account, UUID credential) {
    RandomToken id = RandomToken.fresh();
    Instant now = clock.instant();
    database
        .sql()
        .insertInto(SESSION)
        .set(SESSION.ID_HASH, id.hash())
        .set(SESSION.ACCOUNT_UUID, account.uuid())
        .set(SESSION.ACCOUNT_NAME, account.name())
        .set(SESSION.CREDENTIAL_ID, credential)
        .set(SESSION.FORM_TOKEN, RandomToken.fresh().text())
        .set(SESSION.CREATED_AT, now)
        .set(SESSION.EXPIRES_AT, now.plus(LIFETIME))
        .execute();
    return id;
  }

  public Optional<Session> find(RandomToken id) {
    return database
        .sql()
        .selectFrom(SESSION)
        .where(SESSION.ID_HASH.eq(id.hash()))
        .and(SESSION.EXPIRES_AT.gt(clock.instant()))
        .fetchOptional()
        .map(Sessions::session);
  }

  public void close(RandomToken id) {
    database.sql().deleteFrom(SESSION).where(SESSION.ID_HASH.eq(id.hash())).execute();
  }

  /** Whether anybody is signed in with it. */
  public boolean isInUse(UUID credential) {
    return database
        .sql()
        .fetchExists(
            SESSION,
            SESSION.CREDENTIAL_ID.eq(credential).and(SESSION.EXPIRES_AT.gt(clock.instant())));
  }

  /**
   * @return the credentials of what was removed
   */
  public List<UUID> removeExpired() {
    return database
        .sql()
        .deleteFrom(SESSION)
        .where(SESSION.EXPIRES_AT.le(clock.instant()))
        .returning(SESSION.CREDENTIAL_ID)
        .fetch(SESSION.CREDENTIAL_ID);
  }

  private static Session session(SessionRecord row) {
    return new Session(
        new Account(row.getAccountUuid(), row.getAccountName()),
        row.getCredentialId(),
        Secret.of(row.getFormToken()),
        row.getExpiresAt());
  }
}
