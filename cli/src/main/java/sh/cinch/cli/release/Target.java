package sh.cinch.cli.release;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sh.cinch.cli.server.ForgeNames;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.text.Visible;

/**
 * What is released: from the command line, else from the environment that a build runs in.
 *
 * @param commit 40 hex digits; empty: what the tag points to
 */
record Target(String forge, String fullName, String tag, Optional<String> commit) {

  private static final Pattern URL = Pattern.compile("(?:https?|ssh|git)://[^/\\s]+/+(\\S+)");
  private static final Pattern SCP = Pattern.compile("[^/:\\s]+:/?([^/:\\s]+/[^/:\\s]+)");
  private static final Pattern FULL_NAME =
      Pattern.compile("([A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_.][A-Za-z0-9_.-]*?)(?:\\.git)?/*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{40}");

  /**
   * @param repository, tag, commit from the command line
   * @throws IllegalArgumentException what is missing or malformed, and what to do; never with the
   *     text of a clone URL, which may hold a credential
   */
  static Target of(
      @Nullable String repository,
      @Nullable String tag,
      @Nullable String commit,
      Map<String, String> environment) {
    return new Target(
        forge(environment),
        fullName(
            given(repository, environment, "CINCH_REPO")
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Which repository? Give --repo acme/app, or set CINCH_REPO to its clone"
                                + " URL."))),
        tag(
            given(tag, environment, "CINCH_TAG")
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Which tag? Give --tag v1.4.0, or set CINCH_TAG. A build of a branch"
                                + " has none: release from builds of tags."))),
        given(commit, environment, "CINCH_COMMIT").map(Target::commit));
  }

  private static Optional<String> given(
      @Nullable String option, Map<String, String> environment, String variable) {
    return Optional.ofNullable(option)
        .or(() -> Optional.ofNullable(environment.get(variable)))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private static String forge(Map<String, String> environment) {
    String forge = environment.getOrDefault("CINCH_FORGE", "").strip();
    return ForgeNames.of(forge.isEmpty() ? "bitbucket" : forge)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "CINCH_FORGE is '%s': cinch release knows bitbucket and nothing else so far."
                        .formatted(Visible.oneLine(forge))));
  }

  private static String fullName(String repository) {
    Matcher url = URL.matcher(repository);
    Matcher scp = SCP.matcher(repository);
    String path = url.matches() ? url.group(1) : scp.matches() ? scp.group(1) : repository;
    Matcher name = FULL_NAME.matcher(path);
    if (!name.matches()) {
      throw new IllegalArgumentException(
          "--repo or CINCH_REPO does not name a repository: a clone URL such as"
              + " https://bitbucket.org/acme/app.git or git@bitbucket.org:acme/app.git is expected,"
              + " or acme/app.");
    }
    return name.group(1);
  }

  private static String tag(String tag) {
    try {
      return ReleaseRequest.tag(tag);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--tag or CINCH_TAG is '%s': a tag such as v1.4.0 is expected."
              .formatted(Visible.oneLine(tag)),
          e);
    }
  }

  private static String commit(String commit) {
    if (!COMMIT.matcher(commit).matches()) {
      throw new IllegalArgumentException(
          "--commit or CINCH_COMMIT is '%s': a full commit hash, 40 hex digits, is expected."
              .formatted(Visible.oneLine(commit)));
    }
    return commit.toLowerCase(Locale.ROOT);
  }
}
