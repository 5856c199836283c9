package sh.cinch.ingress.reconciler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.Refs.Heads;
import sh.cinch.forge.Refs.Ref;
import sh.cinch.ingress.heads.FoundPush;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.webhooks.publish.ReconciledPush;
import sh.cinch.schema.event.PushEvent;

/**
 * Compares the heads that a forge lists with those that are known.
 *
 * @param known by ref
 */
record HeadComparison(UUID repository, Map<String, KnownHead> known) {

  /** Of one look; the next one finds the others. */
  static final int MOST = 1_000;

  private static final KnownHead UNKNOWN = new KnownHead(null, 0, Instant.EPOCH);

  boolean isKnown(String ref, String commit) {
    return commit.equals(known(ref).hash());
  }

  /** Commits by ref, of those refs that an event can name. */
  static Map<String, String> byRef(Heads heads) {
    Map<String, String> byRef = new TreeMap<>();
    for (Ref ref : heads.refs()) {
      if (PushEvent.objection(ref.name()).isEmpty()) {
        byRef.put(ref.name(), ref.commit());
      }
    }
    return byRef;
  }

  List<FoundPush> moved(Heads heads) {
    return heads.refs().stream()
        .filter(ref -> !isKnown(ref.name(), ref.commit()))
        .filter(ref -> PushEvent.objection(ref.name()).isEmpty())
        .limit(MOST)
        .map(ref -> found(ref.name(), ref.commit(), ref.message(), ref.author()))
        .toList();
  }

  /** Those that are not on the list any more, which must be whole. */
  List<FoundPush> gone(Heads heads) {
    Set<String> listed = new HashSet<>();
    heads.refs().forEach(ref -> listed.add(ref.name()));
    List<FoundPush> gone = new ArrayList<>();
    known.forEach(
        (ref, head) -> {
          if (head.hash() != null && !listed.contains(ref) && gone.size() < MOST) {
            gone.add(found(ref, null, Optional.empty(), Optional.empty()));
          }
        });
    return gone;
  }

  /** Whether nothing is left of a repository that had something. */
  boolean isEmptied(Heads heads) {
    return heads.refs().isEmpty() && known.values().stream().anyMatch(head -> head.hash() != null);
  }

  private FoundPush found(
      String ref, @Nullable String commit, Optional<String> message, Optional<String> author) {
    KnownHead before = known(ref);
    return new FoundPush(
        ref,
        before.hash(),
        commit,
        before.number(),
        ReconciledPush.id(repository, ref, before.hash(), commit, before.number()),
        message,
        author);
  }

  private KnownHead known(String ref) {
    return known.getOrDefault(ref, UNKNOWN);
  }
}
