package sh.cinch.bitbucket.client;

import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * A branch or tag, with what is said of its commit where that is wanted.
 *
 * @param ref in full, {@code refs/tags/v1}
 * @param commit 40 lower-case hex digits; of an annotated tag the commit, not the tag object
 * @param message of the commit
 * @param author of the commit as git has it, e.g. {@code Jo <jo@example.com>}
 */
public record RefHead(
    String ref, String commit, Optional<String> message, Optional<String> author) {

  private static final int LONGEST_TEXT = 8 * 1024;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}");

  /**
   * @param wanted by ref and commit; of others message and author are left out, so that a long list
   *     takes little room
   */
  static Fields.Reading<RefHead> reading(BiPredicate<String, String> wanted) {
    return fields -> {
      String ref = prefix(fields.text("type")) + fields.text("name");
      Fields target = fields.object("target");
      String commit = target.text("hash");
      if (!HASH.matcher(commit).matches()) {
        throw new AnswerShapeException("the target's hash is no commit");
      }
      return wanted.test(ref, commit)
          ? new RefHead(
              ref,
              commit,
              target.optionalText("message").map(RefHead::cut),
              Optional.ofNullable(target.node().path("author").path("raw").textValue())
                  .map(RefHead::cut))
          : new RefHead(ref, commit, Optional.empty(), Optional.empty());
    };
  }

  /** Text that any store takes, no longer than what a delivery would bring. */
  private static String cut(String text) {
    return TextCut.to(LONGEST_TEXT, text).replace('\0', '\ufffd');
  }

  private static String prefix(String type) throws AnswerShapeException {
    return switch (type) {
      case "branch" -> "refs/heads/";
      case "tag" -> "refs/tags/";
      default -> throw new AnswerShapeException("a ref is neither a branch nor a tag");
    };
  }
}
