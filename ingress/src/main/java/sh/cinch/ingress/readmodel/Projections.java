package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static sh.cinch.database.ingress.Tables.COMMIT_STATUS;
import static sh.cinch.database.ingress.Tables.PUSH;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import sh.cinch.database.ingress.tables.records.CommitStatusRecord;
import sh.cinch.database.ingress.tables.records.PushRecord;
import sh.cinch.ingress.paging.Cursor;
import sh.cinch.ingress.paging.Page;
import sh.cinch.service.database.Database;

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
