package sh.cinch.bitbucket.webhook;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the body of a {@code repo:push}; its parts may stand in any order. */
final class PushReader {
  private static final int LONGEST_ACTOR = 1024;

  private final BodyCursor cursor;
  private final ChangeReader change;
  private final int most;
  private final List<String> unread = new ArrayList<>();
  private int unreadCount;
  private int passedOver;
  private int leftOut;

  private PushReader(BodyCursor cursor, int most, Function<String, Optional<String>> objection) {
    this.cursor = cursor;
    this.change = new ChangeReader(cursor, objection);
    this.most = most;
  }

  static PushPayload read(byte[] body, int most, Function<String, Optional<String>> objection) {
    try (BodyCursor cursor = BodyCursor.open(body)) {
      return new PushReader(cursor, most, objection).root();
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
        case "actor" -> actor = actor();
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
    var unreadChanges = new UnreadChanges(unreadCount, unread);
    return unreadCount > 0 && passedOver == 0 && changes.isEmpty()
        ? new PushPayload.AllUnread(repository, unreadChanges)
        : new PushPayload.Parsed(
            repository, Optional.ofNullable(actor), List.copyOf(changes), unreadChanges, leftOut);
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
    int depth = cursor.depth();
    for (int i = 0; cursor.nextElement(); i++) {
      if (changes.size() == most) {
        cursor.skipRest();
        leftOut++;
        continue;
      }
      try {
        cursor.enterElement("the change");
        RefChange read = change.read();
        if (read == null) {
          passedOver++;
        } else {
          changes.add(read);
        }
      } catch (OtherShapeException e) {
        cursor.leaveTo(depth);
        addUnread(i, e);
      }
    }
    return changes;
  }

  private void addUnread(int index, OtherShapeException e) {
    unreadCount++;
    if (unread.size() < UnreadChanges.NAMED) {
      unread.add("in push.changes[%d], %s".formatted(index, e.getMessage()));
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
