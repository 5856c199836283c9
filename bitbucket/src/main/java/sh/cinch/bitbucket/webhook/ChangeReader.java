package sh.cinch.bitbucket.webhook;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one element of {@code push.changes}. */
final class ChangeReader {
  private ChangeReader() {}

  /** Null where the change is of something other than a branch or a tag. */
  static @Nullable RefChange read(BodyCursor cursor) throws IOException, OtherShapeException {
    RefSide before = null;
    RefSide after = null;
    Boolean forced = null;
    Boolean truncated = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      switch (field) {
        case "old" -> {
          cursor.once(field, before);
          before = RefSide.read(cursor, field);
        }
        case "new" -> {
          cursor.once(field, after);
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
        named.requiredName(),
        before == null ? null : before.requiredHash(),
        after == null ? null : after.requiredHash(),
        forced,
        truncated != null && truncated,
        after == null ? null : after.message(),
        after == null ? null : after.author());
  }
}
