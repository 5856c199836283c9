package sh.cinch.bitbucket.client;

import org.jspecify.annotations.Nullable;

/**
 * A build's state on a commit.
 *
 * @param name of the build, as the pull request shows it; at most {@link #LONGEST_TEXT}
 * @param description one line about it; at most {@link #LONGEST_TEXT}
 * @param refname the branch without {@code refs/heads/}, or null. A pull request shows the status
 *     of a commit with a ref's name only where that is the pull request's source branch
 */
public record CommitStatus(
    StatusKey key,
    State state,
    String name,
    String description,
    StatusUrl url,
    @Nullable String refname) {
  /**
   * The known limit of names; that of descriptions is not known, so they share it. In UTF-16 units,
   * of which a text has at least as many as code points: what fits so fits however Bitbucket counts
   * characters.
   */
  public static final int LONGEST_TEXT = 255;

  /**
   * @throws IllegalArgumentException where name or description is too long
   */
  public CommitStatus {
    check("name", name);
    check("description", description);
    refname = refname == null ? null : shortName(refname);
  }

  String json() {
    var body = ApiJson.object();
    body.put("key", key.value()).put("state", state.name()).put("name", name);
    body.put("description", description).put("url", url.value());
    if (refname != null) {
      body.put("refname", refname);
    }
    return body.toString();
  }

  private static void check(String what, String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "the %s of a status has at most %d characters".formatted(what, LONGEST_TEXT));
    }
  }

  private static String shortName(String ref) {
    if (ref.startsWith("refs/heads/")) {
      return ref.substring("refs/heads/".length());
    }
    return ref.startsWith("refs/tags/") ? ref.substring("refs/tags/".length()) : ref;
  }
}
