package sh.cinch.ingress.connecting.session;

import static org.jooq.impl.DSL.select;
import static sh.cinch.database.ingress.Tables.SESSION;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;
import org.jooq.DSLContext;
import sh.cinch.database.ingress.tables.records.SessionRecord;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.Account;

/** Sessions are rows, so that any instance serves them. Blocks: never on an event loop. */
public final class Sessions {

  public static final Duration LIFETIME = Duration.ofDays(30);

  /** Of one account; who signs in once more than that is signed out where it was longest ago. */
  private static final int MOST = 20;

  private final Database database;
  private final InstantSource clock;

  public Sessions(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What is returned goes into the browser's cookie and nowhere else. */
  public RandomToken open(Account account, UUID credential) {
    return database.transaction(sql -> open(sql, account, credential, LIFETIME));
  }

  /** One that waits for a person to say whether they want it, and no longer than a sign-in. */
  public RandomToken openUndecided(Account account, UUID credential) {
    return database.transaction(sql -> open(sql, account, credential, SignIns.LIFETIME));
  }

  /** They do: it goes on under another id. */
  public RandomToken confirm(RandomToken undecided, Session session) {
    return database.transaction(
        sql -> {
          sql.deleteFrom(SESSION).where(SESSION.ID_HASH.eq(undecided.hash())).execute();
          return open(sql, session.account(), session.credential(), LIFETIME);
        });
  }

  private RandomToken open(DSLContext sql, Account account, UUID credential, Duration lifetime) {
    RandomToken id = RandomToken.fresh();
    sql.insertInto(SESSION)
        .set(SESSION.ID_HASH, id.hash())
        .set(SESSION.ACCOUNT_UUID, account.uuid())
        .set(SESSION.ACCOUNT_NAME, account.name())
        .set(SESSION.CREDENTIAL_ID, credential)
        // Nobody's: the token is made from the id. The release before cannot read an empty one.
        .set(SESSION.FORM_TOKEN, RandomToken.fresh().text())
        .set(SESSION.EXPIRES_AT, clock.instant().plus(lifetime))
        .execute();
    sql.deleteFrom(SESSION)
        .where(SESSION.ACCOUNT_UUID.eq(account.uuid()))
        .and(SESSION.ID_HASH.ne(id.hash()))
        .and(
            SESSION.ID_HASH.in(
                select(SESSION.ID_HASH)
                    .from(SESSION)
                    .where(SESSION.ACCOUNT_UUID.eq(account.uuid()))
                    .orderBy(SESSION.EXPIRES_AT.desc())
                    .offset(MOST)))
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
        .map(row -> session(row, id));
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

  private static Session session(SessionRecord row, RandomToken id) {
    return new Session(
        new Account(row.getAccountUuid(), row.getAccountName()),
        row.getCredentialId(),
        formToken(id),
        row.getExpiresAt());
  }

  /** Stored nowhere: whoever reads the table can neither sign in nor send a form. */
  private static Secret formToken(RandomToken id) {
    return Secret.of(DigestUtils.sha256Hex("form of " + id.text()));
  }
}
