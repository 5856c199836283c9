package sh.cinch.ingress.webhooks.held;

import static sh.cinch.database.ingress.Tables.HELD_PUSH;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.database.ingress.tables.records.HeldPushRecord;
import sh.cinch.ingress.webhooks.delivery.BodyKeys;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Vault;
import sh.cinch.service.trace.Traceparent;

/** The rows of held pushes, and their bodies, each of which opens in its own row alone. */
record HeldRows(BodyKeys keys) {

  /** Of a hook; whoever has captured more may wait. */
  static final int MOST = 100;

  private static final SelectField<?>[] WITHOUT_BODY =
      HELD_PUSH
          .fieldStream()
          .filter(column -> !column.equals(HELD_PUSH.BODY))
          .toArray(Field<?>[]::new);

  /** Whether there is room for one more of this hook, or the same body has a row. */
  static boolean hasRoom(DSLContext transaction, LoggedDelivery line) {
    return transaction.fetchCount(
            HELD_PUSH,
            HELD_PUSH.HOOK_ID.eq(line.hookId()).and(HELD_PUSH.BODY_SHA256.ne(sha256(line))))
        < MOST;
  }

  /**
   * @return whose row it is: another delivery's where that brought the same body, and is held
   */
  UUID add(
      DSLContext transaction,
      LoggedDelivery line,
      byte[] body,
      Traceparent trace,
      Instant cameAt,
      BodyKeys.Key key,
      Instant now) {
    return transaction
        .insertInto(HELD_PUSH)
        .set(HELD_PUSH.HOOK_ID, line.hookId())
        .set(HELD_PUSH.BODY_SHA256, sha256(line))
        .set(HELD_PUSH.DELIVERY_ID, line.id())
        .set(HELD_PUSH.REPOSITORY_ID, line.repositoryId())
        .set(HELD_PUSH.FIRST_REQUEST_ID, line.firstRequestId())
        .set(HELD_PUSH.ATTEMPT, line.attempt())
        .set(HELD_PUSH.TRACE, trace.toString())
        .set(HELD_PUSH.KEY_ID, key.id())
        .set(HELD_PUSH.BODY, key.vault().sealBytes(body, location(line.id())))
        .set(HELD_PUSH.CAME_AT, cameAt)
        .set(HELD_PUSH.RECEIVED_AT, line.receivedAt())
        .set(HELD_PUSH.HELD_AT, now)
        .onConflict(HELD_PUSH.HOOK_ID, HELD_PUSH.BODY_SHA256)
        .doUpdate() // changes nothing: it locks the row, so that it is there until this ends
        .set(HELD_PUSH.ATTEMPT, HELD_PUSH.ATTEMPT)
        .returning(HELD_PUSH.DELIVERY_ID)
        .fetchSingle()
        .getDeliveryId();
  }

  private static byte[] sha256(LoggedDelivery line) {
    return HexFormat.of().parseHex(line.bodySha256());
  }

  private static CiphertextLocation location(UUID delivery) {
    return new CiphertextLocation(
        "ingress.held_push", delivery.toString(), HELD_PUSH.BODY.getName());
  }

  static Set<UUID> repositories(DSLContext sql) {
    return sql.selectDistinct(HELD_PUSH.REPOSITORY_ID)
        .from(HELD_PUSH)
        .fetchSet(HELD_PUSH.REPOSITORY_ID);
  }

  /** Those that were held before, in their order. */
  static List<HeldPush> before(DSLContext sql, Instant moment, int most) {
    return sql.select(WITHOUT_BODY)
        .from(HELD_PUSH)
        .where(HELD_PUSH.HELD_AT.lt(moment))
        .orderBy(HELD_PUSH.NUMBER)
        .limit(most)
        .fetchInto(HELD_PUSH)
        .map(HeldRows::held);
  }

  /** All of a repository, in their order, so that nobody else ends any of them. */
  static List<HeldPush> lockAll(DSLContext transaction, UUID repository) {
    return lock(transaction, HELD_PUSH.REPOSITORY_ID.eq(repository));
  }

  /** Whether it is still held; nobody else ends it then. */
  static boolean lock(DSLContext transaction, HeldPush held) {
    return !lock(transaction, HELD_PUSH.NUMBER.eq(held.number())).isEmpty();
  }

  private static List<HeldPush> lock(DSLContext transaction, Condition which) {
    return transaction
        .select(WITHOUT_BODY)
        .from(HELD_PUSH)
        .where(which)
        .orderBy(HELD_PUSH.NUMBER)
        .forUpdate()
        .fetchInto(HELD_PUSH)
        .map(HeldRows::held);
  }

  /** Empty where it cannot be read any more, or has no row. */
  Optional<PushPayload.Parsed> read(DSLContext sql, HeldPush held) {
    return sql.select(HELD_PUSH.KEY_ID, HELD_PUSH.BODY)
        .from(HELD_PUSH)
        .where(HELD_PUSH.NUMBER.eq(held.number()))
        .fetchOptionalInto(HELD_PUSH)
        .flatMap(row -> opened(row, held));
  }

  private Optional<PushPayload.Parsed> opened(HeldPushRecord row, HeldPush held) {
    try {
      return keys.find(row.getKeyId())
          .map(key -> key.vault().unsealBytes(row.getBody(), location(held.deliveryId())))
          .map(body -> PushPayload.parse(body, RequestLimits.CHANGES, PushEvent::objection))
          .filter(PushPayload.Parsed.class::isInstance)
          .map(PushPayload.Parsed.class::cast);
    } catch (Vault.Unreadable e) {
      return Optional.empty();
    }
  }

  static void delete(DSLContext transaction, HeldPush held) {
    transaction.deleteFrom(HELD_PUSH).where(HELD_PUSH.NUMBER.eq(held.number())).execute();
  }

  static int count(DSLContext sql) {
    return sql.fetchCount(HELD_PUSH);
  }

  static Optional<Instant> oldest(DSLContext sql) {
    return sql.select(DSL.min(HELD_PUSH.HELD_AT)).from(HELD_PUSH).fetchOptional(0, Instant.class);
  }

  private static HeldPush held(HeldPushRecord row) {
    return new HeldPush(
        row.getNumber(),
        row.getHookId(),
        row.getDeliveryId(),
        row.getRepositoryId(),
        row.getFirstRequestId(),
        row.getAttempt(),
        Traceparent.parse(row.getTrace()).orElseThrow(),
        row.getCameAt(),
        row.getReceivedAt(),
        row.getHeldAt());
  }
}
