package sh.cinch.bitbucket.client;

import java.util.Optional;

/**
 * Where a repository is found: each part a slug or a uuid in braces. Slugs may come to mean another
 * repository, uuids do not.
 */
public record RepositoryAddress(String workspace, String repository) {

  /**
   * @throws IllegalArgumentException where a part is empty, a dot or two, or has a slash
   */
  public RepositoryAddress {
    if (!isPart(workspace) || !isPart(repository)) {
      throw new IllegalArgumentException(
          "a repository is written workspace/repository, each a slug or a {uuid}");
    }
  }

  /** Empty where the text is not {@code workspace/repository}. */
  public static Optional<RepositoryAddress> parse(String fullName) {
    int slash = fullName.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    String workspace = fullName.substring(0, slash);
    String repository = fullName.substring(slash + 1);
    return isPart(workspace) && isPart(repository)
        ? Optional.of(new RepositoryAddress(workspace, repository))
        : Optional.empty();
  }

  // Dots would climb out of /repositories to another call.
  static boolean isPart(String part) {
    return !part.isBlank() && !part.equals(".") && !part.equals("..") && part.indexOf('/') < 0;
  }

  @Override
  public String toString() {
    return workspace + "/" + repository;
  }
}
