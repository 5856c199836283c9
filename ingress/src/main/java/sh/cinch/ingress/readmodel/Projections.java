package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.ingress.Tables.COMMIT_STATUS;
import static sh.cinch.database.ingress.Tables.CREDENTIAL;
import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.SESSION;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import sh.cinch.database.ingress.tables.records.CommitStatusRecord;
import sh.cinch.database.ingress.tables.records.CredentialRecord;
import sh.cinch.database.ingress.tables.records.PushRecord;
import sh.cinch.ingress.paging.Cursor;
import sh.cinch.ingress.paging.Page;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.service.database.Database;
import sh.cinch.service.token.CredentialHealth;

/** Reads what is shown, always newest first. Blocks. */
public final class Projections {

  private static final char BETWEEN = ' ';

  private final Database database;

  public Projections(Database database) {
    this.database = database;
  }

  /** Of all these repositories together. */
  public List<PushRow> newestPushes(Collection<UUID> repositories, int limit) {
    return pushes(PUSH.REPOSITORY_ID.in(repositories), limit);
  }

  public Page<PushRow> pushes(UUID repository, int limit, Optional<Cursor> cursor) {
    Condition after =
        cursor
            .<Condition>map(
                last -> row(PUSH.RECEIVED_AT, PUSH.EVENT_ID).lt(row(last.at(), last.id())))
            .orElseGet(() -> noCondition());
    return Page.of(
        pushes(PUSH.REPOSITORY_ID.eq(repository).and(after), limit + 1),
        limit,
        last -> new Cursor(last.receivedAt(), last.eventId()));
  }

  private List<PushRow> pushes(Condition which, int limit) {
    return database
        .sql()
        .selectFrom(PUSH)
        .where(which)
        .orderBy(PUSH.RECEIVED_AT.desc(), PUSH.EVENT_ID.desc())
        .limit(limit)
        .fetch()
        .map(Projections::push);
  }

  /** Of all these repositories together. */
  public List<StatusRow> newestStatuses(Collection<UUID> repositories, int limit) {
    return statuses(COMMIT_STATUS.REPOSITORY_ID.in(repositories), limit);
  }

  public Page<StatusRow> statuses(UUID repository, int limit, Optional<Cursor> cursor) {
    return Page.of(
        statuses(
            COMMIT_STATUS
                .REPOSITORY_ID
                .eq(repository)
                .and(cursor.map(Projections::statusAfter).orElseGet(() -> noCondition())),
            limit + 1),
        limit,
        last -> new Cursor(last.updatedAt(), last.commit() + BETWEEN + last.key()));
  }

  private static Condition statusAfter(Cursor cursor) {
    int between = Math.max(0, cursor.id().indexOf(BETWEEN));
    return row(COMMIT_STATUS.UPDATED_AT, COMMIT_STATUS.COMMIT_HASH, COMMIT_STATUS.STATUS_KEY)
        .lt(
            row(
                cursor.at(),
                cursor.id().substring(0, between),
                cursor.id().substring(between + 1)));
  }

  private List<StatusRow> statuses(Condition which, int limit) {
    return database
        .sql()
        .selectFrom(COMMIT_STATUS)
        .where(which)
        .orderBy(
            COMMIT_STATUS.UPDATED_AT.desc(),
            COMMIT_STATUS.COMMIT_HASH.desc(),
            COMMIT_STATUS.STATUS_KEY.desc())
        .limit(limit)
        .fetch()
        .map(Projections::status);
  }

  /** Empty where nothing was told of it yet. */
  public Optional<CredentialHealth> credential(UUID id) {
    return Optional.ofNullable(credentials(List.of(id)).get(id));
  }

  /** Those of which something was told, by id. */
  public Map<UUID, CredentialHealth> credentials(Collection<UUID> ids) {
    return database
        .sql()
        .selectFrom(CREDENTIAL)
        .where(CREDENTIAL.ID.in(ids))
        .fetchMap(CREDENTIAL.ID, Projections::standing);
  }

  /** Stored since before then, without a repository or anybody signed in. */
  public List<UUID> idleCredentials(Instant before, int limit) {
    return database
        .sql()
        .select(CREDENTIAL.ID)
        .from(CREDENTIAL)
        .where(CREDENTIAL.STATE.ne(CredentialEvent.State.REVOKED.word()))
        .and(CREDENTIAL.AT.lt(before))
        .andNotExists(
            selectOne().from(REPOSITORY).where(REPOSITORY.CREDENTIAL_ID.eq(CREDENTIAL.ID)))
        .andNotExists(selectOne().from(SESSION).where(SESSION.CREDENTIAL_ID.eq(CREDENTIAL.ID)))
        .orderBy(CREDENTIAL.AT)
        .limit(limit)
        .fetch(CREDENTIAL.ID);
  }

  /** It is erased: should nobody say so on the topic, nothing is waited for. */
  public void forget(UUID credential) {
    database
        .sql()
        .deleteFrom(CREDENTIAL)
        .where(CREDENTIAL.ID.eq(credential))
        .and(CREDENTIAL.STATE.ne(CredentialEvent.State.REVOKED.word()))
        .execute();
  }

  private static CredentialHealth standing(CredentialRecord row) {
    return new CredentialHealth(
        CredentialEvent.State.of(row.getState()),
        Optional.ofNullable(row.getReason()),
        Optional.ofNullable(row.getExpiresAt()));
  }

  private static PushRow push(PushRecord row) {
    return new PushRow(
        row.getEventId(),
        row.getRepositoryId(),
        row.getRef(),
        row.getType(),
        row.getChange(),
        Optional.ofNullable(row.getOldHash()),
        Optional.ofNullable(row.getNewHash()),
        Optional.ofNullable(row.getCommitHash()),
        Optional.ofNullable(row.getMessage()),
        Optional.ofNullable(row.getAuthor()),
        Optional.ofNullable(row.getActor()),
        row.getReceivedAt());
  }

  private static StatusRow status(CommitStatusRecord row) {
    return new StatusRow(
        row.getRepositoryId(),
        row.getCommitHash(),
        row.getStatusKey(),
        Optional.ofNullable(row.getOccurredAt())
            .map(
                occurredAt ->
                    new StatusRow.Build(
                        row.getName(),
                        Optional.ofNullable(row.getNumber()),
                        row.getState(),
                        Optional.ofNullable(row.getDescription()),
                        Optional.ofNullable(row.getUrl()),
                        Optional.ofNullable(row.getRef()),
                        occurredAt)),
        Optional.ofNullable(row.getOutcomeAt())
            .map(
                at ->
                    new StatusRow.Delivery(
                        row.getOutcome(),
                        Optional.ofNullable(row.getHttpStatus()),
                        row.getAttempts(),
                        Optional.ofNullable(row.getReason()),
                        Optional.ofNullable(row.getLatencyMs()),
                        at)),
        row.getUpdatedAt());
  }
}
