package sh.cinch.ingress.connecting.connection;

import static sh.cinch.database.ingress.Tables.ERASURE;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.SESSION;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.forge.Site;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.text.EnumWord;
import sh.cinch.service.token.Account;
import sh.cinch.service.token.StoredCredential;

/**
 * The rows of repositories. A change that others must hear of is written together with its event.
 * Blocks: never on an event loop.
 */
public final class Connections {

  private static final PagedList LIST =
      new PagedList("repositories", REPOSITORY.CREATED_AT, REPOSITORY.ID);

  private final Database database;
  private final ConnectionEvents events;
  private final InstantSource clock;

  public Connections(Database database, Outbox outbox, Site site, InstantSource clock) {
    this.database = database;
    this.events = new ConnectionEvents(outbox, site);
    this.clock = clock;
  }

  public Optional<Connection> find(UUID id) {
    return database
        .sql()
        .selectFrom(REPOSITORY)
        .where(REPOSITORY.ID.eq(id))
        .fetchOptional()
        .map(Connections::connection);
  }

  /**
   * Which repository a runner or a program means: the one that has this name, else the one that had
   * it; of several the one connected last. Empty where Cinch knows none.
   */
  public static Optional<UUID> resolve(DSLContext sql, RepositoryRef named) {
    if (named.id() != null) {
      return Optional.of(named.id());
    }
    String fullName = String.valueOf(named.fullName()).toLowerCase(Locale.ROOT);
    return resolve(sql, named, DSL.lower(REPOSITORY.FULL_NAME).eq(fullName))
        .or(
            () ->
                resolve(
                    sql,
                    named,
                    DSL.condition(
                        "exists (select from unnest({0}) as former where lower(former) = {1})",
                        REPOSITORY.FORMER_NAMES, DSL.val(fullName))));
  }

  private static Optional<UUID> resolve(DSLContext sql, RepositoryRef named, Condition isCalled) {
    return sql.select(REPOSITORY.ID)
        .from(REPOSITORY)
        .where(REPOSITORY.FORGE.eq(named.forge()))
        .and(isCalled)
        .orderBy(REPOSITORY.SINCE.desc())
        .limit(1)
        .fetchOptional(REPOSITORY.ID);
  }

  public Optional<UUID> resolve(RepositoryRef named) {
    return resolve(database.sql(), named);
  }

  /** Those that were ever begun and are not disconnected, the newest first. */
  public Page<Connection> page(RepositoryFilter filter, PageRequest request) {
    return LIST.page(
            database,
            sql ->
                sql.selectFrom(REPOSITORY)
                    .where(REPOSITORY.STATE.ne(Connection.State.DISCONNECTED.word()))
                    .and(only(filter)),
            request)
        .map(Connections::connection);
  }

  /** Those of the given repositories of the forge that are not disconnected. */
  public List<Connection> among(Collection<String> forgeUuids) {
    return database
        .sql()
        .selectFrom(REPOSITORY)
        .where(REPOSITORY.FORGE_UUID.in(forgeUuids))
        .and(REPOSITORY.STATE.ne(Connection.State.DISCONNECTED.word()))
        .orderBy(DSL.lower(REPOSITORY.FULL_NAME))
        .fetch()
        .map(Connections::connection);
  }

  /** Finds the row of this repository, or makes it; a new one is connecting. */
  public Connection begin(String forge, String uuid, String fullName) {
    return database.transaction(
        transaction -> {
          Instant now = clock.instant();
          transaction
              .insertInto(REPOSITORY)
              .set(REPOSITORY.ID, UUID.randomUUID())
              .set(REPOSITORY.FORGE, forge)
              .set(REPOSITORY.FORGE_UUID, uuid)
              .set(REPOSITORY.FULL_NAME, fullName)
              .set(REPOSITORY.STATE, Connection.State.CONNECTING.word())
              .set(REPOSITORY.SINCE, now)
              .set(REPOSITORY.CREATED_AT, now)
              .onConflictDoNothing()
              .execute();
          return connection(
              transaction
                  .selectFrom(REPOSITORY)
                  .where(REPOSITORY.FORGE.eq(forge))
                  .and(REPOSITORY.FORGE_UUID.eq(uuid))
                  .fetchSingle());
        });
  }

  /**
   * It is served from now on, with this credential and through this hook.
   *
   * @param forget whether those that it was served with before are of no use from now on; else they
   *     are kept for the statuses that they began
   */
  public Connection connected(
      UUID id, Found found, StoredCredential credential, Hook hook, boolean forget) {
    return database.transaction(
        transaction -> {
          RepositoryRecord row = lock(transaction, id);
          if (!row.getState().equals(Connection.State.CONNECTED.word())) {
            row.setSince(clock.instant());
          }
          replace(transaction, row, credential.id(), forget);
          row.setState(Connection.State.CONNECTED.word());
          rename(row, found);
          row.setCredentialId(credential.id());
          row.setCredentialKind(credential.kind());
          row.setAccountUuid(credential.account().map(Account::uuid).orElse(null));
          row.update();
          settle(transaction, credential.id());
          Connection connection = connection(row);
          events.connected(transaction, connection, credential.id(), hook);
          return connection;
        });
  }

  private void replace(
      DSLContext transaction, RepositoryRecord row, UUID credential, boolean forget) {
    ReplacedCredentials replaced = replaced(transaction);
    UUID present = row.getCredentialId();
    if (present != null && !present.equals(credential)) {
      owe(transaction, present);
      replaced.add(row.getId(), present);
      replaced.removeBeyondMost(row.getId()).forEach(former -> owe(transaction, former));
    }
    if (forget) {
      replaced.removeAll(row.getId()).forEach(former -> owe(transaction, former));
    }
  }

  /** Its hook works: something genuine has come through it. */
  public void firstDelivery(DSLContext transaction, UUID id) {
    tell(transaction, lock(transaction, id));
  }

  /** Others are told which of the forge's hooks is its now. */
  public void hookChanged(UUID id) {
    database.write(transaction -> hookChanged(transaction, id));
  }

  /** The same with what changed it. */
  public void hookChanged(DSLContext transaction, UUID id) {
    tell(transaction, lock(transaction, id));
  }

  private void tell(DSLContext transaction, RepositoryRecord row) {
    Connection connection = connection(row);
    if (connection.isConnected()) {
      connection
          .credential()
          .ifPresent(
              used ->
                  Hooks.ofRepository(transaction, connection.id())
                      .ifPresent(
                          hook -> events.connected(transaction, connection, used.id(), hook)));
    }
  }

  /**
   * What the forge says of it.
   *
   * @return whether that is news, which others are told
   */
  boolean named(DSLContext transaction, UUID id, Found found) {
    RepositoryRecord row = lock(transaction, id);
    if (!rename(row, found)) {
      return false;
    }
    row.update();
    tell(transaction, row);
    return true;
  }

  /** Whether anything is new. */
  private static boolean rename(RepositoryRecord row, Found found) {
    boolean isNew =
        !row.getFullName().equals(found.fullName())
            || !Optional.ofNullable(row.getWorkspaceUuid()).equals(found.workspaceUuid());
    if (!row.getFullName().equalsIgnoreCase(found.fullName())) {
      row.setFormerNames(
          Stream.concat(Stream.of(row.getFullName()), Arrays.stream(row.getFormerNames()))
              .filter(name -> !name.equalsIgnoreCase(found.fullName()))
              .distinct()
              .limit(ConnectionEvent.MOST_FORMER_NAMES)
              .toArray(String[]::new));
    }
    row.setFullName(found.fullName());
    row.setWorkspaceUuid(found.workspaceUuid().orElse(row.getWorkspaceUuid()));
    return isNew;
  }

  /** From here on a try that breaks off can be taken up again. */
  public void disconnecting(UUID id) {
    database.write(
        transaction -> {
          RepositoryRecord row = lock(transaction, id);
          row.setState(Connection.State.DISCONNECTING.word());
          row.setSince(clock.instant());
          row.update();
        });
  }

  public void disconnected(UUID id) {
    database.write(
        transaction -> {
          RepositoryRecord row = lock(transaction, id);
          row.setState(Connection.State.DISCONNECTED.word());
          row.setSince(clock.instant());
          owe(transaction, row.getCredentialId());
          replaced(transaction).removeAll(id).forEach(former -> owe(transaction, former));
          row.setCredentialId(null);
          row.setCredentialKind(null);
          row.setAccountUuid(null);
          row.update();
          events.disconnected(transaction, connection(row));
        });
  }

  /** Whether any repository's calls are made with it. */
  public boolean isInUse(UUID credential) {
    return database.sql().fetchExists(REPOSITORY, REPOSITORY.CREDENTIAL_ID.eq(credential));
  }

  /** What a repository was connected with before, and may still finish something with. */
  public List<UUID> formerCredentials(UUID repository) {
    return replaced(database.sql()).of(repository);
  }

  /** Until when something may have to be finished with it; empty where nothing. */
  public Optional<Instant> keptUntil(UUID credential) {
    return replaced(database.sql()).keptUntil(credential);
  }

  /** Nothing is finished any more with what was replaced long ago. */
  public void forgetFormerCredentials() {
    replaced(database.sql()).removeOld();
  }

  private ReplacedCredentials replaced(DSLContext sql) {
    return new ReplacedCredentials(sql, clock.instant());
  }

  /** Those that lost their repository, are still stored, and of no use to anybody. */
  public List<UUID> owedErasures(int limit) {
    return database
        .sql()
        .select(ERASURE.CREDENTIAL_ID)
        .from(ERASURE)
        .whereNotExists(
            DSL.selectOne()
                .from(REPOSITORY)
                .where(REPOSITORY.CREDENTIAL_ID.eq(ERASURE.CREDENTIAL_ID)))
        .andNotExists(
            DSL.selectOne()
                .from(SESSION)
                .where(SESSION.CREDENTIAL_ID.eq(ERASURE.CREDENTIAL_ID))
                .and(SESSION.EXPIRES_AT.gt(clock.instant())))
        .orderBy(ERASURE.SINCE)
        .limit(limit)
        .fetch(ERASURE.CREDENTIAL_ID);
  }

  /** Nothing is owed for it any more. */
  public void erased(UUID credential) {
    settle(database.sql(), credential);
  }

  /** Written with what makes it unused, so that no crash in between forgets it. */
  private void owe(DSLContext transaction, @Nullable UUID credential) {
    if (credential != null) {
      transaction
          .insertInto(ERASURE)
          .set(ERASURE.CREDENTIAL_ID, credential)
          .set(ERASURE.SINCE, clock.instant())
          .onConflictDoNothing()
          .execute();
    }
  }

  private static void settle(DSLContext sql, UUID credential) {
    sql.deleteFrom(ERASURE).where(ERASURE.CREDENTIAL_ID.eq(credential)).execute();
  }

  /** Its lock also puts the events of a repository in order. */
  private static RepositoryRecord lock(DSLContext transaction, UUID id) {
    return transaction.selectFrom(REPOSITORY).where(REPOSITORY.ID.eq(id)).forUpdate().fetchSingle();
  }

  private static Condition only(RepositoryFilter filter) {
    return switch (filter) {
      case RepositoryFilter.All() -> DSL.trueCondition();
      case RepositoryFilter.OfForge(var uuids) -> REPOSITORY.FORGE_UUID.in(uuids);
      case RepositoryFilter.Named(var ids) -> REPOSITORY.ID.in(ids);
    };
  }

  /** As its row has it. */
  public static Connection connection(RepositoryRecord row) {
    return new Connection(
        row.getId(),
        row.getForge(),
        row.getForgeUuid(),
        row.getFullName(),
        Optional.ofNullable(row.getWorkspaceUuid()),
        List.of(row.getFormerNames()),
        EnumWord.constant(Connection.State.class, row.getState()),
        Optional.ofNullable(row.getCredentialId())
            .map(
                id ->
                    new Connection.Used(
                        id, row.getCredentialKind(), Optional.ofNullable(row.getAccountUuid()))),
        row.getSince());
  }
}
