package sh.cinch.bitbucket.client;

import org.jspecify.annotations.Nullable;

/**
 * A build's state on a commit, cut to what Bitbucket takes.
 *
 * @param name of the build, as the pull request shows it; cut to {@link #LONGEST_TEXT}
 * @param description one line about it; cut to {@link #LONGEST_TEXT}
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
  /** The documented limit of names; that of descriptions is not known, so they share it. */
  public static final int LONGEST_TEXT = 255;

  public CommitStatus {
    name = TextCut.to(LONGEST_TEXT, name);
    description = TextCut.to(LONGEST_TEXT, description);
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

  private static String shortName(String ref) {
    if (ref.startsWith("refs/heads/")) {
      return ref.substring("refs/heads/".length());
    }
    return ref.startsWith("refs/tags/") ? ref.substring("refs/tags/".length()) : ref;
  }
}
