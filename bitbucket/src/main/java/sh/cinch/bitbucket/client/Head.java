package sh.cinch.bitbucket.client;

/**
 * A branch or tag and the commit it points to.
 *
 * @param name without {@code refs/heads/} or {@code refs/tags/}
 * @param commit 40 hex digits; of an annotated tag the commit, not the tag object
 */
public record Head(String name, String commit) {
  static Head from(Fields ref) throws AnswerShapeException {
    return new Head(ref.text("name"), ref.object("target").text("hash"));
  }
}
