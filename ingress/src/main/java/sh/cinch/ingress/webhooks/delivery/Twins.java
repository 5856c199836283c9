package sh.cinch.ingress.webhooks.delivery;

import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.TWIN_DELIVERY;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.ingress.tables.records.TwinDeliveryRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.retention.Retention;

/**
 * The pushes that came through hooks with several UUIDs of late: a row for each, with the UUIDs
 * under which it has come. A delivery joins the oldest that has not come under its own yet, so that
 * a branch that goes A→B→A→B under two UUIDs is three pushes, not six and not two.
 */
record Twins(Database database) {

  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);
  private static final int ACCEPTED = 202;

  /**
   * @param proposed its first request id, should it be nobody's twin
   * @param logged a push of these bytes that came while the hook had a single UUID, if remembered
   */
  Twin claim(Sighting sighting, String proposed, Optional<Twin> logged) {
    return database.transaction(transaction -> claim(transaction, sighting, proposed, logged));
  }

  private static Twin claim(
      DSLContext transaction, Sighting sighting, String proposed, Optional<Twin> logged) {
    lock(transaction, sighting);
    forgetOld(transaction, sighting);
    List<TwinDeliveryRecord> pushes =
        transaction
            .selectFrom(TWIN_DELIVERY)
            .where(isOf(sighting))
            .orderBy(TWIN_DELIVERY.RECEIVED_AT)
            .fetch();
    Optional<TwinDeliveryRecord> own = own(pushes, sighting, proposed);
    if (own.isPresent()) {
      return Twin.first(own.get().getFirstRequestId());
    }
    Optional<TwinDeliveryRecord> other =
        pushes.stream().filter(push -> isTwin(push, sighting)).findFirst();
    if (other.isPresent()) {
      return join(other.get(), sighting);
    }
    Optional<Twin> before = logged.or(() -> logged(transaction, sighting));
    if (before.filter(twin -> isNew(pushes, twin)).isPresent()) {
      Twin twin = before.get();
      // Nobody knows under which of the others it came: none of them brings it again.
      insert(transaction, sighting, twin, sighting.hookUuids());
      return twin;
    }
    Twin first = Twin.first(proposed);
    insert(transaction, sighting, first, Set.of(sighting.hookUuid()));
    return first;
  }

  /** Two instances may be given the two at once. */
  private static void lock(DSLContext transaction, Sighting sighting) {
    transaction
        .select(
            DSL.field(
                "pg_advisory_xact_lock(hashtextextended({0}, 0))",
                Object.class, DSL.val("twin " + sighting.hookId() + sighting.bodySha256())))
        .execute();
  }

  private static void forgetOld(DSLContext transaction, Sighting sighting) {
    transaction
        .deleteFrom(TWIN_DELIVERY)
        .where(TWIN_DELIVERY.HOOK_ID.eq(sighting.hookId()))
        .and(TWIN_DELIVERY.BODY_SHA256.eq(body(sighting)))
        .and(TWIN_DELIVERY.RECEIVED_AT.lt(sighting.at().minus(FORGOTTEN_AFTER)))
        .execute();
  }

  /** The same request once more, or a later attempt of it. */
  private static Optional<TwinDeliveryRecord> own(
      List<TwinDeliveryRecord> pushes, Sighting sighting, String proposed) {
    return pushes.reversed().stream()
        .filter(
            push ->
                push.getFirstRequestId().equals(proposed)
                    || (sighting.attempt() > 1 && cameUnder(push, sighting)))
        .findFirst();
  }

  private static boolean isTwin(TwinDeliveryRecord push, Sighting sighting) {
    return push.getReceivedAt().isAfter(sighting.from())
        && push.getReceivedAt().isBefore(sighting.until())
        && !cameUnder(push, sighting);
  }

  private static boolean cameUnder(TwinDeliveryRecord push, Sighting sighting) {
    return List.of(push.getHookUuids()).contains(sighting.hookUuid());
  }

  private static boolean isNew(List<TwinDeliveryRecord> pushes, Twin twin) {
    return pushes.stream()
        .noneMatch(push -> push.getFirstRequestId().equals(twin.firstRequestId()));
  }

  private static Twin join(TwinDeliveryRecord push, Sighting sighting) {
    List<String> uuids = new ArrayList<>(List.of(push.getHookUuids()));
    uuids.add(sighting.hookUuid());
    push.setHookUuids(uuids.toArray(String[]::new));
    push.update();
    return new Twin(push.getFirstRequestId(), true, push.getPublished());
  }

  /** Until it was given another UUID a hook's pushes were in the log alone, and without a UUID. */
  private static Optional<Twin> logged(DSLContext transaction, Sighting sighting) {
    return transaction
        .select(DELIVERY.FIRST_REQUEST_ID, DELIVERY.ANSWER)
        .from(DELIVERY)
        .where(DELIVERY.HOOK_ID.eq(sighting.hookId()))
        .and(DELIVERY.BODY_SHA256.eq(body(sighting)))
        .and(DELIVERY.RECEIVED_AT.gt(sighting.from()))
        .and(DELIVERY.RECEIVED_AT.lt(sighting.until()))
        .and(DELIVERY.HOOK_UUID.isNull())
        .andNotExists(
            selectOne()
                .from(TWIN_DELIVERY)
                .where(isOf(sighting))
                .and(TWIN_DELIVERY.FIRST_REQUEST_ID.eq(DELIVERY.FIRST_REQUEST_ID)))
        .orderBy(DELIVERY.RECEIVED_AT)
        .limit(1)
        .fetchOptional(row -> twin(row.get(DELIVERY.FIRST_REQUEST_ID), row.get(DELIVERY.ANSWER)));
  }

  static Twin twin(String firstRequestId, int answer) {
    return new Twin(firstRequestId, true, answer == ACCEPTED);
  }

  private static void insert(
      DSLContext transaction, Sighting sighting, Twin twin, Set<String> uuids) {
    transaction
        .insertInto(TWIN_DELIVERY)
        .set(TWIN_DELIVERY.HOOK_ID, sighting.hookId())
        .set(TWIN_DELIVERY.BODY_SHA256, body(sighting))
        .set(TWIN_DELIVERY.FIRST_REQUEST_ID, twin.firstRequestId())
        .set(TWIN_DELIVERY.HOOK_UUIDS, new TreeSet<>(uuids).toArray(String[]::new))
        .set(TWIN_DELIVERY.RECEIVED_AT, sighting.at())
        .set(TWIN_DELIVERY.PUBLISHED, twin.published())
        .execute();
  }

  void published(Sighting sighting, Twin twin) {
    database
        .sql()
        .update(TWIN_DELIVERY)
        .set(TWIN_DELIVERY.PUBLISHED, true)
        .where(isOf(sighting))
        .and(TWIN_DELIVERY.FIRST_REQUEST_ID.eq(twin.firstRequestId()))
        .execute();
  }

  /** Those of bodies that never came again. */
  static Retention.Batch old() {
    return Retention.of(TWIN_DELIVERY, TWIN_DELIVERY.RECEIVED_AT);
  }

  private static Condition isOf(Sighting sighting) {
    return TWIN_DELIVERY
        .HOOK_ID
        .eq(sighting.hookId())
        .and(TWIN_DELIVERY.BODY_SHA256.eq(body(sighting)));
  }

  private static byte[] body(Sighting sighting) {
    return HexFormat.of().parseHex(sighting.bodySha256());
  }
}
