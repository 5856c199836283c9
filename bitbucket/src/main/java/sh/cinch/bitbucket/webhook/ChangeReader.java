package sh.cinch.bitbucket.webhook;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the elements of {@code push.changes}.
 *
 * @param objection why a ref of this name is of no use, where it is not
 */
record ChangeReader(BodyCursor cursor, Function<String, Optional<String>> objection) {

  /** Null where the change is of something other than a branch or a tag. */
  @Nullable RefChange read() throws IOException, OtherShapeException {
    RefSide before = null;
    RefSide after = null;
    boolean hasBefore = false;
    boolean hasAfter = false;
    Boolean forced = null;
    Boolean truncated = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      switch (field) {
        case "old" -> {
          cursor.once(field, hasBefore);
          hasBefore = true;
          before = RefSide.read(cursor, field);
        }
        case "new" -> {
          cursor.once(field, hasAfter);
          hasAfter = true;
          after = RefSide.read(cursor, field);
        }
        case "forced" -> forced = cursor.flag();
        case "truncated" -> truncated = cursor.flag();
        default -> cursor.skip();
      }
    }
    RefSide named = after == null ? before : after;
    if (named == null) {
      throw new OtherShapeException("both old and new are missing");
    }
    RefType type = named.refType();
    if (type == null) {
      return null;
    }
    if (before != null && after != null && !before.sameRef(after)) {
      throw new OtherShapeException("old and new name different refs");
    }
    return new RefChange(
        type,
        name(type, named),
        kind(before, after),
        before == null ? null : before.hash(),
        after == null ? null : after.requiredHash(),
        forced,
        truncated != null && truncated,
        after == null ? null : after.message(),
        after == null ? null : after.author());
  }

  // Presence alone decides: the body's own flags (created, closed) could only contradict it.
  private static ChangeKind kind(@Nullable RefSide before, @Nullable RefSide after) {
    if (before == null) {
      return ChangeKind.CREATED;
    }
    return after == null ? ChangeKind.DELETED : ChangeKind.UPDATED;
  }

  private String name(RefType type, RefSide named) throws OtherShapeException {
    String name = named.requiredName();
    Optional<String> why = objection.apply(type.ref(name));
    if (why.isPresent()) {
      throw new OtherShapeException(
          "%s.name cannot be published: %s".formatted(named.side(), why.get()));
    }
    return name;
  }
}
