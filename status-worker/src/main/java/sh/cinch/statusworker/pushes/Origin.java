package sh.cinch.statusworker.pushes;

import java.util.List;
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
    return Origins.of(sql, List.of(new Origins.Commit(repository, build.commit())))
        .of(repository, build);
  }
}
