package sh.cinch.ingress.webhooks.delivery;

import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.FORMER_BODY;
import static sh.cinch.database.ingress.Tables.HOOK;
import static sh.cinch.database.ingress.Tables.HOOK_UUID;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.DeliveryRecord;
import sh.cinch.database.ingress.tables.records.HookRecord;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.Given;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.retention.Retention;

/** The rows of the log. */
public record Deliveries(Database database) {

  private static final PagedList LIST =
      new PagedList("deliveries", DELIVERY.RECEIVED_AT, DELIVERY.ID);

  /** As the index of refused ones has it. */
  private static final Condition REFUSED = DELIVERY.ANSWER.eq(DSL.inline(401));

  /** Writing some of them again changes nothing. */
  void write(List<LoggedDelivery> deliveries, FirstDelivery first) {
    Map<Boolean, List<LoggedDelivery>> refused =
        deliveries.stream().collect(Collectors.partitioningBy(LoggedDelivery::isRefused));
    List<LoggedDelivery> taken = refused.getOrDefault(false, List.of());
    if (!taken.isEmpty()) {
      database.write(transaction -> write(transaction, taken, first));
    }
    byHookAndDay(refused.getOrDefault(true, List.of()))
        .forEach(
            (day, some) -> database.write(transaction -> writeRefused(transaction, day, some)));
  }

  private static void write(
      DSLContext transaction, List<LoggedDelivery> deliveries, FirstDelivery first) {
    insert(transaction, deliveries.stream());
    seen(transaction, newest(deliveries, LoggedDelivery::hookId), first);
    seen(
        transaction,
        newest(
            deliveries.stream().filter(delivery -> delivery.hookUuid().isPresent()).toList(),
            delivery -> delivery.hookUuid().orElseThrow()));
  }

  /** One of the forge's, with something else that is written. */
  public static void write(DSLContext transaction, LoggedDelivery delivery, FirstDelivery first) {
    write(transaction, List.of(delivery), first);
  }

  private static void insert(DSLContext transaction, Stream<LoggedDelivery> deliveries) {
    RowBatch.insert(
        transaction,
        deliveries.map(Deliveries::record).toList(),
        insert -> insert.onConflictDoNothing());
  }

  /** In one order wherever it is written: none waits for one that waits for it. */
  private static <K> Map<K, Instant> newest(
      List<LoggedDelivery> deliveries, Function<LoggedDelivery, K> of) {
    return deliveries.stream()
        .collect(
            Collectors.toMap(
                of,
                LoggedDelivery::receivedAt,
                (one, other) -> one.isAfter(other) ? one : other,
                TreeMap::new));
  }

  private static Map<HookDay, List<LoggedDelivery>> byHookAndDay(List<LoggedDelivery> refused) {
    return refused.stream()
        .collect(
            Collectors.groupingBy(
                delivery -> HookDay.of(delivery.hookId(), delivery.receivedAt())));
  }

  /** No more of a hook and day than may be, however many instances write them. */
  private static void writeRefused(
      DSLContext transaction, HookDay day, List<LoggedDelivery> refused) {
    transaction.select(HOOK.ID).from(HOOK).where(HOOK.ID.eq(day.hookId())).forUpdate().execute();
    int there =
        transaction.fetchCount(
            DELIVERY,
            DELIVERY
                .HOOK_ID
                .eq(day.hookId())
                .and(REFUSED)
                .and(DELIVERY.RECEIVED_AT.ge(day.begin()))
                .and(DELIVERY.RECEIVED_AT.lt(day.end())));
    insert(transaction, refused.stream().limit(Math.max(0, HookDay.MOST_REFUSED - there)));
  }

  private static void seen(DSLContext transaction, Map<String, Instant> newest) {
    if (!newest.isEmpty()) {
      Given<Map.Entry<String, Instant>> given =
          new Given<>(newest.entrySet())
              .with(HOOK_UUID.FORGE_UUID, Map.Entry::getKey)
              .with(HOOK_UUID.LAST_SEEN_AT, Map.Entry::getValue);
      Field<Instant> at = given.field(HOOK_UUID.LAST_SEEN_AT);
      transaction
          .select(HOOK_UUID.FORGE_UUID)
          .from(given.table())
          .join(HOOK_UUID)
          .on(given.is(HOOK_UUID.FORGE_UUID))
          .orderBy(given.number())
          .forUpdate()
          .of(HOOK_UUID)
          .execute();
      transaction
          .update(HOOK_UUID)
          .set(HOOK_UUID.LAST_SEEN_AT, at)
          .from(given.table())
          .where(given.is(HOOK_UUID.FORGE_UUID))
          .and(HOOK_UUID.LAST_SEEN_AT.isNull().or(HOOK_UUID.LAST_SEEN_AT.lt(at)))
          .execute();
    }
  }

  private static void seen(DSLContext transaction, Map<UUID, Instant> newest, FirstDelivery first) {
    Given<Map.Entry<UUID, Instant>> given =
        new Given<>(newest.entrySet())
            .with(HOOK.ID, Map.Entry::getKey)
            .with(HOOK.LAST_DELIVERY_AT, Map.Entry::getValue);
    Field<Instant> at = given.field(HOOK.LAST_DELIVERY_AT);
    Condition isLater = HOOK.LAST_DELIVERY_AT.isNull().or(HOOK.LAST_DELIVERY_AT.lt(at));
    List<HookRecord> before =
        transaction
            .select(HOOK.ID, HOOK.REPOSITORY_ID, HOOK.LAST_DELIVERY_AT)
            .from(given.table())
            .join(HOOK)
            .on(given.is(HOOK.ID))
            .where(isLater)
            .orderBy(given.number())
            .forUpdate()
            .of(HOOK)
            .fetchInto(HOOK);
    if (before.isEmpty()) {
      return;
    }
    transaction
        .update(HOOK)
        .set(HOOK.LAST_DELIVERY_AT, at)
        .from(given.table())
        .where(given.is(HOOK.ID))
        .and(isLater)
        .execute();
    before.stream()
        .filter(hook -> hook.getLastDeliveryAt() == null)
        .forEach(hook -> seenFirst(transaction, hook, newest.get(hook.getId()), first));
  }

  private static void seenFirst(
      DSLContext transaction, HookRecord hook, @Nullable Instant at, FirstDelivery first) {
    transaction
        .update(HOOK_UUID)
        .set(HOOK_UUID.FIRST_SEEN_AT, at)
        .where(HOOK_UUID.HOOK_ID.eq(hook.getId()))
        .and(HOOK_UUID.FIRST_SEEN_AT.isNull())
        .execute();
    first.through(transaction, hook.getRepositoryId());
  }

  public Optional<LoggedDelivery> find(UUID id) {
    return database
        .sql()
        .selectFrom(DELIVERY)
        .where(DELIVERY.ID.eq(id))
        .fetchOptional()
        .map(Deliveries::delivery);
  }

  /** One that Cinch brought itself: it is no sign of life of its hook. */
  public void addOwn(LoggedDelivery delivery) {
    insert(database.sql(), Stream.of(delivery));
  }

  /** The same with what became of it. */
  public void answered(LoggedDelivery delivery) {
    database
        .sql()
        .update(DELIVERY)
        .set(DELIVERY.ANSWER, delivery.answer())
        .set(DELIVERY.OUTCOME, delivery.outcome())
        .set(DELIVERY.EVENTS, delivery.events())
        .set(DELIVERY.REASON, delivery.reason().orElse(null))
        .where(DELIVERY.ID.eq(delivery.id()))
        .execute();
  }

  /**
   * What became of one that was held, and so of those that brought the same body meanwhile.
   *
   * @param events published
   */
  public static void settled(
      DSLContext transaction, UUID id, int events, String outcome, String reason) {
    DeliveryRecord held =
        transaction
            .update(DELIVERY)
            .set(DELIVERY.OUTCOME, outcome)
            .set(DELIVERY.EVENTS, events)
            .set(DELIVERY.REASON, reason)
            .where(DELIVERY.ID.eq(id))
            .returning(DELIVERY.HOOK_ID, DELIVERY.BODY_SHA256)
            .fetchOne();
    if (held != null) { // else it was too old to be kept
      transaction
          .update(DELIVERY)
          .set(DELIVERY.OUTCOME, events == 0 ? outcome : Outcomes.SAME_PUSH)
          .set(DELIVERY.REASON, "The same body came as delivery %s: see there.".formatted(id))
          .where(DELIVERY.HOOK_ID.eq(held.getHookId()))
          .and(DELIVERY.BODY_SHA256.eq(held.getBodySha256()))
          .and(DELIVERY.OUTCOME.eq(Outcomes.HELD))
          .execute();
    }
  }

  /** Newest first. */
  public Page<LoggedDelivery> page(UUID repository, PageRequest request) {
    return page(repository, DeliveryFilter.ALL, request);
  }

  /** Newest first. */
  public Page<LoggedDelivery> page(UUID repository, DeliveryFilter filter, PageRequest request) {
    return LIST.page(
            database,
            sql ->
                sql.selectFrom(DELIVERY)
                    .where(DELIVERY.REPOSITORY_ID.eq(repository))
                    .and(filter.condition()),
            request)
        .map(Deliveries::delivery);
  }

  /** What a hook was refused lately and why, the newest kind first. */
  public List<RefusedLately> refusedLately(UUID hookId, Instant since, int kinds) {
    Field<Integer> count = DSL.count();
    Field<Instant> last = DSL.max(DELIVERY.RECEIVED_AT);
    return database
        .sql()
        .select(DELIVERY.OUTCOME, DELIVERY.REASON, count, last)
        .from(DELIVERY)
        .where(DELIVERY.HOOK_ID.eq(hookId))
        .and(REFUSED)
        .and(DELIVERY.RECEIVED_AT.ge(since))
        .groupBy(DELIVERY.OUTCOME, DELIVERY.REASON)
        .orderBy(last.desc())
        .limit(kinds)
        .fetch(
            row ->
                new RefusedLately(
                    row.get(DELIVERY.OUTCOME),
                    Objects.requireNonNullElse(row.get(DELIVERY.REASON), ""),
                    row.get(count),
                    row.get(last)));
  }

  /** Those that are too old to be kept, and on no first page. */
  public static Retention.Batch old() {
    return new OldDeliveries();
  }

  /** Bodies of such ones, once their hook is gone. */
  public static Retention.Batch formerBodies() {
    return OldDeliveries.formerBodies();
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

  /** Whether these bodies came before. Those that were refused have no body. */
  public void answer(List<SameBody> questions) {
    Given<SameBody> given =
        new Given<>(questions)
            .with(DELIVERY.HOOK_ID, question -> question.hookId)
            .with(DELIVERY.BODY_SHA256, question -> question.bodySha256)
            .with(DELIVERY.RECEIVED_AT, question -> question.since);
    Condition isSame = given.is(DELIVERY.HOOK_ID, DELIVERY.BODY_SHA256);
    Field<Instant> first =
        DSL.field(
            DSL.select(DELIVERY.RECEIVED_AT)
                .from(DELIVERY)
                .where(isSame)
                .orderBy(DELIVERY.RECEIVED_AT)
                .limit(1));
    Field<Instant> former =
        DSL.field(
            DSL.select(FORMER_BODY.CAME_AT)
                .from(FORMER_BODY)
                .where(FORMER_BODY.HOOK_ID.eq(given.field(DELIVERY.HOOK_ID)))
                .and(FORMER_BODY.BODY_SHA256.eq(given.field(DELIVERY.BODY_SHA256))));
    Field<Instant> last =
        DSL.field(
            DSL.select(DELIVERY.RECEIVED_AT)
                .from(DELIVERY)
                .where(isSame)
                .and(DELIVERY.RECEIVED_AT.ge(given.field(DELIVERY.RECEIVED_AT)))
                .and(DELIVERY.OUTCOME.notIn(Outcomes.NOT_COUNTED))
                .orderBy(DELIVERY.RECEIVED_AT.desc())
                .limit(1));
    database
        .sql()
        .select(given.number(), DSL.coalesce(former, first), last)
        .from(given.table())
        .forEach(
            row -> {
              if (row.value2() != null) {
                questions
                    .get((int) (row.value1() - 1))
                    .is(new SameBody.Came(row.value2(), Optional.ofNullable(row.value3())));
              }
            });
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
    row.setHookUuid(delivery.hookUuid().orElse(null));
    row.setHeaders(delivery.headers().text());
    row.setRefs(delivery.refs().isEmpty() ? null : delivery.refs().toArray(String[]::new));
    row.setTest(delivery.origin().test());
    row.setReplayOf(delivery.origin().replayOf().orElse(null));
    row.setAskedBy(delivery.origin().askedBy().orElse(null));
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
        row.getReceivedAt(),
        Optional.ofNullable(row.getHookUuid()),
        KeptHeaders.read(row.getHeaders()),
        row.getRefs() == null ? List.of() : List.of(row.getRefs()),
        new Origin(
            row.getTest(),
            Optional.ofNullable(row.getReplayOf()),
            Optional.ofNullable(row.getAskedBy())));
  }
}
