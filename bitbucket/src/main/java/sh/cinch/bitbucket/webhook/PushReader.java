package sh.cinch.bitbucket.webhook;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the body of a {@code repo:push}; its parts may stand in any order. */
final class PushReader {
  private static final int LONGEST_ACTOR = 1024;

  private final BodyCursor cursor;
  private final int most;
  private int leftOut;

  private PushReader(BodyCursor cursor, int most) {
    this.cursor = cursor;
    this.most = most;
  }

  static PushPayload read(byte[] body, int most) {
    try (BodyCursor cursor = BodyCursor.open(body)) {
      return new PushReader(cursor, most).root();
    } catch (OtherShapeException e) {
      return new PushPayload.OtherShape(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new PushPayload.NotJson(BodyCursor.explain(e));
    }
  }

  private PushPayload root() throws IOException, OtherShapeException {
    RepositoryId repository = null;
    List<RefChange> changes = null;
    Actor actor = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      switch (field) {
        case "repository" -> {
          cursor.once(field, repository);
          repository = RepositoryReader.read(cursor);
        }
        case "push" -> {
          cursor.once(field, changes);
          changes = push();
        }
        case "actor" -> {
          cursor.once(field, actor);
          actor = actor();
        }
        default -> cursor.skip();
      }
    }
    cursor.end();
    if (repository == null) {
      throw new OtherShapeException("repository is missing");
    }
    if (changes == null) {
      throw new OtherShapeException("push is missing");
    }
    return new PushPayload.Parsed(
        repository, Optional.ofNullable(actor), List.copyOf(changes), leftOut);
  }

  private List<RefChange> push() throws IOException, OtherShapeException {
    if (!cursor.enterObject("push")) {
      throw new OtherShapeException("push is null");
    }
    List<RefChange> changes = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      if (field.equals("changes")) {
        cursor.once("push.changes", changes);
        changes = changes();
      } else {
        cursor.skip();
      }
    }
    if (changes == null) {
      throw new OtherShapeException("push.changes is missing");
    }
    return changes;
  }

  private List<RefChange> changes() throws IOException, OtherShapeException {
    var changes = new ArrayList<RefChange>();
    cursor.enterArray("push.changes");
    for (int i = 0; ; i++) {
      try {
        if (!cursor.nextElement("the change")) {
          return changes;
        }
        if (i < most) {
          RefChange change = ChangeReader.read(cursor);
          if (change != null) {
            changes.add(change);
          }
        } else {
          cursor.skipRest();
          leftOut++;
        }
      } catch (OtherShapeException e) {
        throw new OtherShapeException("in push.changes[%d], %s".formatted(i, e.getMessage()));
      }
    }
  }

  private @Nullable Actor actor() throws IOException {
    if (!cursor.enterObjectIfAny()) {
      return null;
    }
    String uuid = null;
    String displayName = null;
    String nickname = null;
    for (String field = cursor.nextField(); field != null; field = cursor.nextField()) {
      switch (field) {
        case "uuid" -> uuid = cursor.text(LONGEST_ACTOR);
        case "display_name" -> displayName = cursor.text(LONGEST_ACTOR);
        case "nickname" -> nickname = cursor.text(LONGEST_ACTOR);
        default -> cursor.skip();
      }
    }
    String name = displayName == null ? nickname : displayName;
    return uuid == null && name == null ? null : new Actor(uuid, name);
  }
}
