package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.Optional;

/**
 * A branch or a tag.
 *
 * @param name in full, such as {@code refs/heads/main}
 * @param target hash of the commit, also where the tag is annotated
 */
public record Ref(String name, String target, Optional<Annotation> annotation) {
  private static final String BRANCHES = "refs/heads/";
  private static final String TAGS = "refs/tags/";

  /**
   * What an annotated tag says.
   *
   * @param tagger UUID of the account
   */
  public record Annotation(String message, Instant date, String tagger) {}

  public static boolean isName(String name) {
    return shortOf(name).filter(rest -> !rest.isEmpty() && !rest.contains(" ")).isPresent();
  }

  public boolean isBranch() {
    return name.startsWith(BRANCHES);
  }

  /** The name as the API writes it: without {@code refs/heads/} or {@code refs/tags/}. */
  public String shortName() {
    return shortOf(name).orElse(name);
  }

  private static Optional<String> shortOf(String name) {
    if (name.startsWith(BRANCHES)) {
      return Optional.of(name.substring(BRANCHES.length()));
    }
    return name.startsWith(TAGS) ? Optional.of(name.substring(TAGS.length())) : Optional.empty();
  }
}
