package sh.cinch.bitbucket.webhook;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The body of a {@code repo:push} delivery. */
public sealed interface PushPayload {
  /** Bytes of UTF-8 that are kept of a commit message; a longer one is cut on a code point. */
  int LONGEST_MESSAGE = 8 * 1024;

  /**
   * @param changes in the body's order; empty where nothing that is built has changed
   * @param unread those among them that cost only themselves
   * @param leftOut how many follow the last that was asked for, of whatever kind
   */
  record Parsed(
      RepositoryId repository,
      Optional<Actor> actor,
      List<RefChange> changes,
      UnreadChanges unread,
      int leftOut)
      implements PushPayload {}

  /** A push with changes, none of which can be read. */
  record AllUnread(RepositoryId repository, UnreadChanges unread) implements PushPayload {}

  /**
   * @param why where it stops being JSON; quotes nothing of the body
   */
  record NotJson(String why) implements PushPayload {}

  /**
   * @param why names the field; quotes nothing of the body
   */
  record OtherShape(String why) implements PushPayload {}

  /** Reads a body of any content, and never throws for what is in it. */
  static PushPayload parse(byte[] body) {
    return parse(body, Integer.MAX_VALUE, ref -> Optional.empty());
  }

  /**
   * The same for a part of the changes.
   *
   * @param most so many of them are taken, what follows is only counted
   * @param objection why a change of the ref of this name is of no use, where it is not
   */
  static PushPayload parse(byte[] body, int most, Function<String, Optional<String>> objection) {
    return PushReader.read(body, most, objection);
  }
}
