package sh.cinch.ingress.webhooks.held;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.ChangeKind;
import sh.cinch.bitbucket.webhook.RefChange;

/**
 * What must have happened before a push, going back from one to the one before it: its refs were
 * where it begins. Where that is not what is known, something is missing.
 */
final class HeldChain {

  /** Commits by ref; null: nowhere. */
  private final Function<String, @Nullable String> known;

  /** Where refs must have been led; null: to nowhere. */
  private final Map<String, @Nullable String> missing = new HashMap<>();

  HeldChain(Function<String, @Nullable String> known, List<RefChange> push) {
    this.known = known;
    push.reversed().forEach(this::before);
  }

  /** Whether one of these changes is missing; if so, what is missing now is what was before it. */
  boolean isBefore(List<RefChange> changes) {
    if (changes.stream().noneMatch(this::isMissing)) {
      return false;
    }
    changes.reversed().forEach(this::before);
    return true;
  }

  private boolean isMissing(RefChange change) {
    return missing.containsKey(change.ref())
        && Objects.equals(missing.get(change.ref()), change.newHash());
  }

  private void before(RefChange change) {
    if (Objects.equals(known.apply(change.ref()), change.oldHash())
        || (change.oldHash() == null && change.kind() != ChangeKind.CREATED)) { // not said
      missing.remove(change.ref());
    } else {
      missing.put(change.ref(), change.oldHash());
    }
  }
}
