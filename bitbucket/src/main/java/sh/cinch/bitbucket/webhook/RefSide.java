package sh.cinch.bitbucket.webhook;

import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One side of a change, {@code old} or {@code new}. Its fields are judged only once all are read:
 * those of a kind of ref that is not built may be anything.
 *
 * @param side for errors
 */
record RefSide(String side, String type, @Nullable String name, TargetReader.Target target) {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}");

  /** Null where the field is null. */
  static @Nullable RefSide read(BodyCursor cursor, String side)
      throws IOException, OtherShapeException {
    if (!cursor.enterObject(side)) {
      return null;
    }
    String type = null;
    String name = null;
    TargetReader.Target target = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      switch (field) {
        case "type" -> {
          cursor.once(side + ".type", type);
          type = cursor.name(side + ".type");
        }
        case "name" -> {
          cursor.once(side + ".name", name);
          name = cursor.name(side + ".name");
        }
        case "target" -> {
          cursor.once(side + ".target", target);
          target = TargetReader.read(cursor);
        }
        default -> cursor.skip();
      }
    }
    if (type == null) {
      throw new OtherShapeException(side + ".type is missing");
    }
    return new RefSide(side, type, name, target == null ? TargetReader.NONE : target);
  }

  /** Null for what is neither branch nor tag, as Mercurial's bookmarks once were. */
  @Nullable RefType refType() {
    return switch (type) {
      case "branch" -> RefType.BRANCH;
      case "tag" -> RefType.TAG;
      default -> null;
    };
  }

  boolean sameRef(RefSide other) {
    return type.equals(other.type) && Objects.equals(name, other.name);
  }

  String requiredName() throws OtherShapeException {
    if (name == null) {
      throw new OtherShapeException(side + ".name is missing");
    }
    return name;
  }

  String requiredHash() throws OtherShapeException {
    return valid(target.hash());
  }

  /** Null where the side has none; what it has instead of one is never taken for none. */
  @Nullable String hash() throws OtherShapeException {
    String hash = target.hash();
    return hash == null ? null : valid(hash);
  }

  private String valid(@Nullable String hash) throws OtherShapeException {
    if (hash == null || !HASH.matcher(hash).matches()) {
      throw new OtherShapeException(side + ".target.hash is not 40 lower-case hex digits");
    }
    return hash;
  }

  @Nullable String message() {
    return target.message();
  }

  @Nullable String author() {
    return target.author();
  }
}
