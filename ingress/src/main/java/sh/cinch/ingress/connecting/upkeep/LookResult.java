package sh.cinch.ingress.connecting.upkeep;

import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.webhooks.hook.HookTrouble;

/**
 * What is written of a look.
 *
 * @param changes of the row
 * @param next when it is looked at again
 * @param isNewOnForge whether the forge has another webhook for it now, of which others are told
 */
record LookResult(Map<Field<?>, @Nullable Object> changes, Duration next, boolean isNewOnForge) {

  /** Nothing can be said. */
  static LookResult none(Duration next) {
    return new LookResult(Map.of(), next, false);
  }

  static LookResult of(@Nullable HookTrouble trouble, Duration next) {
    return none(next).with(HOOK_UPKEEP.TROUBLE, trouble == null ? null : trouble.word());
  }

  <T> LookResult with(Field<T> field, @Nullable T value) {
    Map<Field<?>, @Nullable Object> more = new HashMap<>(changes);
    more.put(field, value);
    return new LookResult(more, next, isNewOnForge);
  }

  /** Whether it is as it was to be when the look began. */
  boolean isAsWanted() {
    return Boolean.FALSE.equals(changes.get(HOOK_UPKEEP.MOVING));
  }

  LookResult newOnForge() {
    return new LookResult(changes, next, true);
  }

  LookResult within(Duration other) {
    return new LookResult(changes, other, isNewOnForge);
  }
}
