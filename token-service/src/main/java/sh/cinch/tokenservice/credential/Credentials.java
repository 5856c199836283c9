package sh.cinch.tokenservice.credential;

import static sh.cinch.database.token_service.Tables.CREDENTIAL;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.token_service.tables.records.CredentialRecord;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.service.token.Account;
import sh.cinch.tokenservice.notification.ChangeNotifications;

/**
 * The rows. Nothing is written to a row that has changed since it was read: losing such a race is
 * an empty answer. A change of state is announced in the same transaction.
 */
public final class Credentials {

  /** As long as the statuses that a replaced one began may take to end. */
  private static final Duration KEPT = Duration.ofHours(24);

  private final Database database;
  private final Vault vault;
  private final InstantSource clock;
  private final Announcements announcements;
  private final ChangeNotifications notifications;
  private final Runnable announced;

  /**
   * @param announced called once something is in the outbox
   */
  public Credentials(
      Database database,
      Vault vault,
      InstantSource clock,
      Outbox outbox,
      ChangeNotifications notifications,
      Runnable announced) {
    this.database = database;
    this.vault = vault;
    this.clock = clock;
    this.announcements = new Announcements(outbox);
    this.notifications = notifications;
    this.announced = announced;
  }

  public Optional<Credential> find(UUID id) {
    return database
        .sql()
        .selectFrom(CREDENTIAL)
        .where(CREDENTIAL.ID.eq(id))
        .fetchOptional(CredentialRow::read);
  }

  /** Those that want to be refreshed, the longest due first, without those that are being. */
  public List<Credential> due(int limit) {
    Instant now = clock.instant();
    return database
        .sql()
        .selectFrom(CREDENTIAL)
        .where(CREDENTIAL.DUE_AT.le(now))
        .and(CREDENTIAL.REFRESHING_UNTIL.isNull().or(CREDENTIAL.REFRESHING_UNTIL.le(now)))
        .orderBy(CREDENTIAL.DUE_AT)
        .limit(limit)
        .fetch(CredentialRow::read);
  }

  /**
   * @return whether this made a credential; else the same grant was authorized again
   */
  public Stored storeGrant(String forge, String clientId, Account account, FreshToken token) {
    Optional<UUID> known = grant(forge, clientId, account);
    if (known.isPresent()) {
      return change(
              known.get(),
              row -> true,
              row -> {
                row.setAccountName(account.name());
                CredentialRow.store(row, token, vault);
              })
          .map(credential -> new Stored(credential, false))
          .orElseThrow();
    }
    return insert(
            Kind.OAUTH,
            forge,
            token,
            row -> {
              row.setClientId(clientId);
              row.setAccountUuid(account.uuid());
              row.setAccountName(account.name());
            })
        // Somebody stored the same grant in between: the newer authorization goes into their row.
        .orElseGet(() -> storeGrant(forge, clientId, account, token));
  }

  /**
   * @return whether this made a credential; else the same token was pasted again
   */
  public Stored storePasted(
      Kind kind,
      String forge,
      ForgeRepository probedWith,
      Optional<Account> account,
      FreshToken token) {
    Optional<UUID> known = pasted(kind, forge, probedWith, token.authorization());
    if (known.isPresent()) {
      return change(known.get(), row -> true, row -> CredentialRow.store(row, token, vault))
          .map(credential -> new Stored(credential, false))
          .orElseThrow();
    }
    return insert(
            kind,
            forge,
            token,
            row -> {
              row.setRepository(probedWith.fullName());
              account.ifPresent(
                  owner -> {
                    row.setAccountUuid(owner.uuid());
                    row.setAccountName(owner.name());
                  });
            })
        .orElseThrow();
  }

  /**
   * For that long nobody else may refresh it. One that was left behind tells of an attempt whose
   * end nobody knows.
   *
   * @return empty where somebody else was faster
   */
  public Optional<Credential> claim(Credential seen, Duration hold) {
    Instant now = clock.instant();
    return database
        .sql()
        .update(CREDENTIAL)
        .set(
            CREDENTIAL.UNANSWERED_SINCE,
            seen.refreshing()
                .unansweredSince()
                .or(() -> seen.refreshing().claimedUntil().map(end -> end.minus(hold)))
                .orElse(null))
        .set(CREDENTIAL.REFRESHING_UNTIL, now.plus(hold))
        .set(CREDENTIAL.VERSION, CREDENTIAL.VERSION.plus(1))
        .where(CREDENTIAL.ID.eq(seen.id()))
        .and(CREDENTIAL.VERSION.eq(seen.version()))
        .and(CREDENTIAL.REFRESHING_UNTIL.isNull().or(CREDENTIAL.REFRESHING_UNTIL.le(now)))
        .returning()
        .fetchOptional(CredentialRow::read);
  }

  /**
   * Puts new tokens in, in place of those that were seen; whatever else changed meanwhile does not
   * matter, since these are newer.
   *
   * @return empty where other tokens have been put in, or all erased
   */
  public Optional<Credential> replace(Credential seen, FreshToken token) {
    return change(
        seen.id(),
        row -> row.getTokenVersion() == seen.token().version(),
        row -> CredentialRow.write(row, token, vault));
  }

  /**
   * @param changed what became of a credential that was read
   * @return empty where its row has changed since
   */
  public Optional<Credential> save(Credential changed) {
    return change(
        changed.id(),
        row -> row.getVersion() == changed.version(),
        row -> {
          if (changed.isKept() && needsAuthorization(changed)) {
            CredentialRow.erase(row, clock.instant());
          } else {
            CredentialRow.write(row, changed);
          }
        });
  }

  /** Those that were kept and whose time is over. */
  public List<UUID> overdue(int limit) {
    return database
        .sql()
        .select(CREDENTIAL.ID)
        .from(CREDENTIAL)
        .where(CREDENTIAL.KEPT_UNTIL.le(clock.instant()))
        .and(CREDENTIAL.STATE.eq(State.REVOKED.word()))
        .orderBy(CREDENTIAL.KEPT_UNTIL)
        .limit(limit)
        .fetch(CREDENTIAL.ID);
  }

  /** Erases the secrets of one whose time is over, unless it has been stored again meanwhile. */
  public void eraseOverdue(UUID id) {
    Instant now = clock.instant();
    Optional<Credential> unused =
        change(id, row -> CredentialRow.isOverdue(row, now), row -> CredentialRow.erase(row, now));
  }

  /** Erases the secrets; the row stays, so that the same grant is known again. */
  public void erase(UUID id) {
    Optional<Credential> unused =
        change(
            id,
            row -> !CredentialRow.isErased(row),
            row -> CredentialRow.erase(row, clock.instant()));
  }

  /**
   * Another took its place: it is kept for the statuses that it began, where it can still be used.
   * A token that was pasted again after that is being connected with: it is left as it is.
   *
   * @param until a day after it was replaced, and from now at most
   */
  public void keep(UUID id, Instant until) {
    Instant now = clock.instant();
    Instant longest = now.plus(KEPT);
    Instant end = until.isBefore(longest) ? until : longest;
    Optional<Credential> unused =
        change(
            id,
            row ->
                !CredentialRow.isErased(row) && !CredentialRow.isPastedAfter(row, end.minus(KEPT)),
            row -> {
              if (now.isBefore(end) && !needsAuthorization(CredentialRow.read(row))) {
                CredentialRow.keep(row, end);
              } else {
                CredentialRow.erase(row, now);
              }
            });
  }

  private static boolean needsAuthorization(Credential credential) {
    return credential.history().state() == State.NEEDS_AUTHORIZATION;
  }

  /**
   * Puts tokens back into a row that holds older ones, since the database was put back.
   *
   * @return empty where the row holds none that are older
   */
  public Optional<Credential> restore(Credential newer) {
    return change(
        newer.id(),
        row ->
            row.getTokenMadeAt().isBefore(newer.token().madeAt()) && !CredentialRow.isRevoked(row),
        row -> CredentialRow.restore(row, newer, vault));
  }

  /** When the token of each was made, as far as there are such. */
  public Map<UUID, Instant> madeAt(Collection<UUID> ids) {
    return database
        .sql()
        .select(CREDENTIAL.ID, CREDENTIAL.TOKEN_MADE_AT)
        .from(CREDENTIAL)
        .where(CREDENTIAL.ID.in(ids))
        .fetchMap(CREDENTIAL.ID, CREDENTIAL.TOKEN_MADE_AT);
  }

  /** Somebody leased it: it is in use. */
  public void lent(DSLContext transaction, UUID id, Instant at) {
    transaction
        .update(CREDENTIAL)
        .set(CREDENTIAL.LAST_LEASED_AT, DSL.greatest(CREDENTIAL.LAST_LEASED_AT, DSL.val(at)))
        .where(CREDENTIAL.ID.eq(id))
        .execute();
  }

  /**
   * @throws Vault.Unreadable where the ciphertext is another keyset's, or another row's
   */
  public Secret authorization(Credential credential) {
    return credential.token().authorization().orElseThrow().open(vault);
  }

  public Optional<Secret> refreshToken(Credential credential) {
    return credential.token().refresh().map(ciphertext -> ciphertext.open(vault));
  }

  private Optional<UUID> grant(String forge, String clientId, Account account) {
    return database
        .sql()
        .select(CREDENTIAL.ID)
        .from(CREDENTIAL)
        .where(CREDENTIAL.KIND.eq(Kind.OAUTH.word()))
        .and(CREDENTIAL.FORGE.eq(forge))
        .and(CREDENTIAL.CLIENT_ID.eq(clientId))
        .and(CREDENTIAL.ACCOUNT_UUID.eq(account.uuid()))
        .fetchOptional(CREDENTIAL.ID);
  }

  /** By comparing what is sealed: no hash of a token lies in the database. */
  private Optional<UUID> pasted(
      Kind kind, String forge, ForgeRepository probedWith, Secret authorization) {
    return database
        .sql()
        .selectFrom(CREDENTIAL)
        .where(CREDENTIAL.KIND.eq(kind.word()))
        .and(CREDENTIAL.FORGE.eq(forge))
        .and(CREDENTIAL.REPOSITORY.eq(probedWith.fullName()))
        .and(CREDENTIAL.AUTHORIZATION_SECRET.isNotNull())
        .fetch(CredentialRow::read)
        .stream()
        .filter(credential -> authorization(credential).matches(authorization))
        .map(Credential::id)
        .findFirst();
  }

  private Optional<Stored> insert(
      Kind kind, String forge, FreshToken token, Consumer<CredentialRecord> owner) {
    Instant now = clock.instant();
    CredentialRecord row = new CredentialRecord();
    row.setId(UUID.randomUUID());
    row.setKind(kind.word());
    row.setForge(forge);
    row.setScopes(new String[0]);
    row.setTokenVersion(0L);
    row.setVersion(1L);
    row.setCreatedAt(now);
    owner.accept(row);
    CredentialRow.store(row, token, vault);
    Optional<Stored> stored =
        database.transaction(
            transaction -> {
              int rows =
                  transaction.insertInto(CREDENTIAL).set(row).onConflictDoNothing().execute();
              if (rows == 0) {
                return Optional.empty();
              }
              Credential credential = CredentialRow.read(row);
              announcements.add(transaction, credential, now);
              ChangeNotifications.tell(transaction, credential.id().toString());
              return Optional.of(new Stored(credential, true));
            });
    announced.run();
    return stored;
  }

  private Optional<Credential> change(
      UUID id, Predicate<CredentialRecord> holds, Consumer<CredentialRecord> edit) {
    Optional<Credential> changed =
        database.transaction(transaction -> change(transaction, id, holds, edit));
    if (changed.isPresent()) {
      notifications.committed(id.toString());
      announced.run();
    }
    return changed;
  }

  private Optional<Credential> change(
      DSLContext transaction,
      UUID id,
      Predicate<CredentialRecord> holds,
      Consumer<CredentialRecord> edit) {
    Optional<CredentialRecord> found =
        transaction.selectFrom(CREDENTIAL).where(CREDENTIAL.ID.eq(id)).forUpdate().fetchOptional();
    if (found.filter(holds).isEmpty()) {
      return Optional.empty();
    }
    CredentialRecord row = found.get();
    RefreshHistory before = CredentialRow.read(row).history();
    Instant now = clock.instant();
    edit.accept(row);
    row.setVersion(row.getVersion() + 1);
    row.update();
    Credential credential = CredentialRow.read(row);
    ChangeNotifications.tell(transaction, id.toString());
    if (credential.history().state() != before.state()
        || !credential.history().reason().equals(before.reason())) {
      announcements.add(transaction, credential, now);
    }
    return Optional.of(credential);
  }
}
