package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.select;
import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.database.ingress.Tables.SHOWN_STATUS;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import sh.cinch.database.ingress.tables.records.PushRecord;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.service.database.Database;

/** Reads what is shown, always newest first. Blocks. */
public final class Projections {

  /** Of each kind, what is shown of one delivery: as many pushes as one may bring. */
  static final PageRequest MOST = PageRequest.first(1_000).within(4 * 1024 * 1024);

  private static final PagedList PUSHES = new PagedList("pushes", PUSH.RECEIVED_AT, PUSH.EVENT_ID);
  private static final PagedList STATUSES =
      new PagedList(
          "statuses",
          SHOWN_STATUS.CHANGED_AT,
          SHOWN_STATUS.COMMIT_HASH,
          SHOWN_STATUS.STATUS_KEY,
          SHOWN_STATUS.REF,
          SHOWN_STATUS.REPOSITORY_ID);

  private final Database database;

  public Projections(Database database) {
    this.database = database;
  }

  /** Of all these repositories together. */
  public Page<PushRow> pushes(Collection<UUID> repositories, PageRequest request) {
    return pushes(PUSH.REPOSITORY_ID.in(repositories), request);
  }

  public List<PushRow> pushesOf(UUID delivery) {
    return pushes(PUSH.DELIVERY_ID.eq(delivery), MOST).items();
  }

  private Page<PushRow> pushes(Condition which, PageRequest request) {
    return PUSHES
        .page(database, sql -> sql.selectFrom(PUSH).where(which), request)
        .map(Projections::push);
  }

  /** Of all these repositories together. */
  public Page<CommitStatusEvent> statuses(Collection<UUID> repositories, PageRequest request) {
    return statuses(SHOWN_STATUS.REPOSITORY_ID.in(repositories), request);
  }

  /** Those whose build names the delivery, or one of its pushes. */
  public List<CommitStatusEvent> statusesOf(UUID repository, UUID delivery) {
    Condition its =
        SHOWN_STATUS
            .DELIVERY_ID
            .eq(delivery.toString())
            .or(
                SHOWN_STATUS.PUSH_ID.in(
                    select(PUSH.EVENT_ID).from(PUSH).where(PUSH.DELIVERY_ID.eq(delivery))));
    return statuses(SHOWN_STATUS.REPOSITORY_ID.eq(repository).and(its), MOST).items();
  }

  private Page<CommitStatusEvent> statuses(Condition which, PageRequest request) {
    return STATUSES
        .page(database, sql -> sql.selectFrom(SHOWN_STATUS).where(which), request)
        .map(row -> StoredEvent.read(row.getEvent(), CommitStatusEvent.class));
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
}
