package sh.cinch.ingress.webhooks.delivery;

import static org.jooq.impl.DSL.row;
import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.HOOK;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import sh.cinch.database.ingress.tables.records.DeliveryRecord;
import sh.cinch.ingress.paging.OldItems;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.service.database.Database;
import sh.cinch.service.retention.Retention;

/** The rows of the log. */
public record Deliveries(Database database) {

  private static final PagedList LIST =
      new PagedList("deliveries", DELIVERY.RECEIVED_AT, DELIVERY.ID);

  /** Writing some of them again changes nothing. */
  void write(List<LoggedDelivery> deliveries, FirstDelivery first) {
    database.write(
        transaction -> {
          transaction
              .insertInto(DELIVERY)
              .set(deliveries.stream().map(Deliveries::record).toList())
              .onConflictDoNothing()
              .execute();
          newest(deliveries).forEach((hook, at) -> seen(transaction, hook, at, first));
        });
  }

  private static Map<UUID, Instant> newest(List<LoggedDelivery> deliveries) {
    return deliveries.stream()
        .collect(
            Collectors.toMap(
                LoggedDelivery::hookId,
                LoggedDelivery::receivedAt,
                (one, other) -> one.isAfter(other) ? one : other));
  }

  private static void seen(DSLContext transaction, UUID hook, Instant at, FirstDelivery first) {
    Optional<UUID> repository =
        transaction
            .update(HOOK)
            .set(HOOK.LAST_DELIVERY_AT, at)
            .where(HOOK.ID.eq(hook))
            .and(HOOK.LAST_DELIVERY_AT.isNull())
            .returning(HOOK.REPOSITORY_ID)
            .fetchOptional(HOOK.REPOSITORY_ID);
    repository.ifPresentOrElse(
        id -> first.through(transaction, id), () -> seenAgain(transaction, hook, at));
  }

  private static void seenAgain(DSLContext transaction, UUID hook, Instant at) {
    transaction
        .update(HOOK)
        .set(HOOK.LAST_DELIVERY_AT, at)
        .where(HOOK.ID.eq(hook))
        .and(HOOK.LAST_DELIVERY_AT.lt(at))
        .execute();
  }

  public Optional<LoggedDelivery> find(UUID id) {
    return database
        .sql()
        .selectFrom(DELIVERY)
        .where(DELIVERY.ID.eq(id))
        .fetchOptional()
        .map(Deliveries::delivery);
  }

  /** Newest first. */
  public Page<LoggedDelivery> page(UUID repository, PageRequest request) {
    return LIST.page(
            database,
            sql -> sql.selectFrom(DELIVERY).where(DELIVERY.REPOSITORY_ID.eq(repository)),
            request)
        .map(Deliveries::delivery);
  }

  /** Those that are too old to be kept, and on no first page. */
  public static Retention.Batch old() {
    return new OldItems<>(DELIVERY, DELIVERY.REPOSITORY_ID, DELIVERY.RECEIVED_AT);
  }

  /** The firstRequestId of the newest delivery of these bytes with a lower attempt number. */
  Optional<String> firstRequestId(Retry retry) {
    return database
        .sql()
        .select(DELIVERY.FIRST_REQUEST_ID)
        .from(DELIVERY)
        .where(DELIVERY.HOOK_ID.eq(retry.hookId()))
        .and(DELIVERY.BODY_SHA256.eq(HexFormat.of().parseHex(retry.bodySha256())))
        .and(DELIVERY.RECEIVED_AT.ge(retry.since()))
        .and(DELIVERY.ATTEMPT.lt(retry.attempt()))
        .orderBy(DELIVERY.RECEIVED_AT.desc())
        .limit(1)
        .fetchOptional(DELIVERY.FIRST_REQUEST_ID);
  }

  private static DeliveryRecord record(LoggedDelivery delivery) {
    DeliveryRecord row = new DeliveryRecord();
    row.setId(delivery.id());
    row.setHookId(delivery.hookId());
    row.setRepositoryId(delivery.repositoryId());
    row.setEventKey(delivery.eventKey());
    row.setRequestUuid(delivery.requestId().orElse(null));
    row.setAttempt(delivery.attempt());
    row.setFirstRequestId(delivery.firstRequestId());
    row.setBodySha256(HexFormat.of().parseHex(delivery.bodySha256()));
    row.setAnswer(delivery.answer());
    row.setOutcome(delivery.outcome());
    row.setEvents(delivery.events());
    row.setReason(delivery.reason().orElse(null));
    row.setReceivedAt(delivery.receivedAt());
    return row;
  }

  private static LoggedDelivery delivery(DeliveryRecord row) {
    return new LoggedDelivery(
        row.getId(),
        row.getHookId(),
        row.getRepositoryId(),
        row.getEventKey(),
        Optional.ofNullable(row.getRequestUuid()),
        row.getAttempt(),
        row.getFirstRequestId(),
        HexFormat.of().formatHex(row.getBodySha256()),
        row.getAnswer(),
        row.getOutcome(),
        row.getEvents(),
        Optional.ofNullable(row.getReason()),
        row.getReceivedAt());
  }
}
