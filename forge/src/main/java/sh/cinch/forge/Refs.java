package sh.cinch.forge;

import java.util.Optional;

/** Branches and tags. */
public interface Refs {

  /**
   * The commit that a tag points to, whatever characters the tag's name has; empty where the forge
   * knows no such tag, which it may also say in an outage: {@link Repositories#unlessOutage}.
   */
  ForgeResult<Optional<String>> tag(ForgeRepository repository, String tag);

  /**
   * A branch and where it is.
   *
   * @param name without {@code refs/heads/}
   * @param commit 40 hex digits
   */
  record Branch(String name, String commit) {}

  /** The repository's default branch; empty where it has none, or nothing was pushed to it yet. */
  ForgeResult<Optional<Branch>> defaultBranch(ForgeRepository repository);
}
