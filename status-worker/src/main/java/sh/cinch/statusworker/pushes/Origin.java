package sh.cinch.statusworker.pushes;

import static sh.cinch.database.status_worker.Tables.PUSH;

import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.BuildState;

/**
 * Where a build came from.
 *
 * @param deliveryId of the webhook request that brought the push; null where it is not known
 * @param pushId {@code ce_id} of the push event; null where it is not known
 */
public record Origin(@Nullable String deliveryId, @Nullable String pushId) {

  /** As the runner says; where it says neither, the newest push of that commit, best of its ref. */
  public static Origin of(DSLContext sql, UUID repository, BuildState build) {
    if (build.deliveryId() != null || build.pushId() != null) {
      return new Origin(build.deliveryId(), build.pushId());
    }
    String ref = build.ref() == null ? "" : build.ref();
    return sql.selectFrom(PUSH)
        .where(PUSH.REPOSITORY_ID.eq(repository))
        .and(PUSH.COMMIT_HASH.eq(build.commit()))
        .orderBy(PUSH.REF.eq(ref).desc(), PUSH.RECEIVED_AT.desc())
        .limit(1)
        .fetchOptional(row -> new Origin(row.getDeliveryId(), row.getPushId()))
        .orElse(new Origin(null, null));
  }
}
