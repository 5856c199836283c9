package sh.cinch.forge;

import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Branches and tags. */
public interface Refs {

  /**
   * A branch or a tag.
   *
   * @param name in full, {@code refs/heads/main}
   * @param commit 40 lower-case hex digits, a tag peeled
   * @param message of the commit; empty where the forge does not say, or nobody wanted it
   * @param author likewise, as git has it
   */
  record Ref(String name, String commit, Optional<String> message, Optional<String> author) {}

  /**
   * All of a repository.
   *
   * @param isWhole whether what is not on the list is gone: an entry that could not be read may
   *     have been any, and a list that was read in several goes lacks what moved between them
   */
  record Heads(List<Ref> refs, boolean isWhole) {}

  /**
   * What was read of a list of heads. Where no request is left in the midst of it, whoever asks
   * with the same one later, in another session too, reads on.
   */
  interface Reading {

    /** How many were read. */
    int size();
  }

  /** Nothing was read yet. */
  Reading begin();

  /** All branches and tags, from the beginning. */
  default ForgeResult<Heads> heads(ForgeRepository repository, BiPredicate<String, String> wanted) {
    return heads(repository, wanted, begin());
  }

  /**
   * All branches and tags. None only where the repository itself says that it is empty.
   *
   * @param wanted by name and commit: those whose message and author are of interest
   * @param soFar of this forge; of no use any more once it is done
   */
  ForgeResult<Heads> heads(
      ForgeRepository repository, BiPredicate<String, String> wanted, Reading soFar);

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
