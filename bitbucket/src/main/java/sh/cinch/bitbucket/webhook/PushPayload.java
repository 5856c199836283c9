package sh.cinch.bitbucket.webhook;

import java.util.List;
import java.util.Optional;

/** The body of a {@code repo:push} delivery. */
public sealed interface PushPayload {
  /** Bytes of UTF-8 that are kept of a commit message; a longer one is cut on a code point. */
  int LONGEST_MESSAGE = 8 * 1024;

  /**
   * @param changes in the body's order; empty where nothing that is built has changed
   * @param leftOut how many more there are than were asked for, of whatever kind
   */
  record Parsed(
      RepositoryId repository, Optional<Actor> actor, List<RefChange> changes, int leftOut)
      implements PushPayload {}

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
    return parse(body, Integer.MAX_VALUE);
  }

  /**
   * The same for a part of the changes.
   *
   * @param most so many of them are read, the others only counted
   */
  static PushPayload parse(byte[] body, int most) {
    return PushReader.read(body, most);
  }
}
