package sh.cinch.ingress.webhooks.held;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.RefChange;

/** Whether changes begin where their refs are. */
final class Continuation {

  private Continuation() {}

  /**
   * Whether each does, after those before it. What creates a ref never does: a captured creation
   * fits again once its ref was deleted.
   *
   * @param heads commits by ref; null where there is none, or it is not known
   */
  static boolean isOfAll(List<RefChange> changes, Function<String, @Nullable String> heads) {
    Map<String, @Nullable String> moved = new HashMap<>();
    for (RefChange change : changes) {
      String ref = change.ref();
      String head = moved.containsKey(ref) ? moved.get(ref) : heads.apply(ref);
      if (head == null || !head.equals(change.oldHash())) {
        return false;
      }
      moved.put(ref, change.newHash());
    }
    return true;
  }
}
