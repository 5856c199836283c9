package sh.cinch.forge;

import java.util.Optional;

/** Branches and tags. */
public interface Refs {

  /**
   * The commit that a tag points to, whatever characters the tag's name has; empty where the forge
   * knows no such tag, which it may also say in an outage: {@link Repositories#unlessOutage}.
   */
  ForgeResult<Optional<String>> tag(ForgeRepository repository, String tag);
}
