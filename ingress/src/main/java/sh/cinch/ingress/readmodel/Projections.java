package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.row;
import static sh.cinch.database.ingress.Tables.COMMIT_STATUS;
import static sh.cinch.database.ingress.Tables.PUSH;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.database.ingress.tables.records.CommitStatusRecord;
import sh.cinch.database.ingress.tables.records.PushRecord;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.service.database.Database;

/** Reads what is shown, always newest first. Blocks. */
public final class Projections {

  private static final PagedList PUSHES = new PagedList("pushes", PUSH.RECEIVED_AT, PUSH.EVENT_ID);
  private static final PagedList STATUSES =
      new PagedList(
          "statuses",
          COMMIT_STATUS.UPDATED_AT,
          COMMIT_STATUS.COMMIT_HASH,
          COMMIT_STATUS.STATUS_KEY,
          COMMIT_STATUS.REPOSITORY_ID);

  private final Database database;

  public Projections(Database database) {
    this.database = database;
  }

  /** Of all these repositories together. */
  public Page<PushRow> pushes(Collection<UUID> repositories, PageRequest request) {
    return PUSHES
        .page(database.sql().selectFrom(PUSH).where(PUSH.REPOSITORY_ID.in(repositories)), request)
        .map(Projections::push);
  }

  /** Of all these repositories together. */
  public Page<StatusRow> statuses(Collection<UUID> repositories, PageRequest request) {
    return STATUSES
        .page(
            database
                .sql()
                .selectFrom(COMMIT_STATUS)
                .where(COMMIT_STATUS.REPOSITORY_ID.in(repositories)),
            request)
        .map(Projections::status);
  }

  private static PushRow push(PushRecord row) {
    return new PushRow(
        row.getEventId(),
        row.getRepositoryId(),
        row.getRef(),
        row.getType(),
        row.getChange(),
        Optional.ofNullable(row.getCommitHash()),
        Optional.ofNullable(row.getMessage()),
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
                    new StatusRow.Outcome(
                        row.getOutcome(),
                        Optional.ofNullable(row.getHttpStatus()),
                        row.getAttempts(),
                        Optional.ofNullable(row.getReason()),
                        Optional.ofNullable(row.getLatencyMs()),
                        at)),
        row.getUpdatedAt());
  }
}
