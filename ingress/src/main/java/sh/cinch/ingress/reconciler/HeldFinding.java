package sh.cinch.ingress.reconciler;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.schema.text.Visible;

/** Whether a change of a held push is real. */
sealed interface HeldFinding {

  /**
   * It is to be published.
   *
   * @param why in words, for people
   */
  record Real(String why) implements HeldFinding {}

  /**
   * It is not.
   *
   * @param why in words, for people
   */
  record Not(String why) implements HeldFinding {}

  /** Only the forge knows. */
  record Unknown() implements HeldFinding {}

  /**
   * What the forge lists.
   *
   * @param commits by ref
   * @param isWhole whether what is not on the list is gone
   */
  record Listed(Map<String, String> commits, boolean isWhole) {}

  /**
   * @param known where its ref is known to be; null: nowhere
   * @param listed empty where the forge was not asked, or did not say
   */
  static HeldFinding of(RefChange change, @Nullable String known, Optional<Listed> listed) {
    String ref = Visible.oneLine(change.ref());
    if (Objects.equals(known, change.newHash())) {
      return new Not(ref + (known == null ? " is gone already" : " is at this commit already"));
    }
    // What creates a ref begins nowhere: a captured creation fits again once its ref was deleted.
    if (known != null && known.equals(change.oldHash())) {
      return new Real("it continues %s from where it is known to be".formatted(ref));
    }
    return listed.map(all -> of(change, ref, all)).orElseGet(Unknown::new);
  }

  private static HeldFinding of(RefChange change, String ref, Listed all) {
    String there = all.commits().get(change.ref());
    if (there == null && !all.isWhole()) {
      return new Unknown();
    }
    String says =
        there == null
            ? "Bitbucket has no " + ref
            : "Bitbucket has %s at %s".formatted(ref, there.substring(0, 12));
    return Objects.equals(there, change.newHash()) ? new Real(says) : new Not(says);
  }
}
