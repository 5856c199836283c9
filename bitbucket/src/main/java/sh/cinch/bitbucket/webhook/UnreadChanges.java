package sh.cinch.bitbucket.webhook;

import java.util.List;
import java.util.Optional;

/**
 * The changes of a push that are of another shape; the others are good all the same.
 *
 * @param why of the first few, where they stand and what is wrong; quotes nothing of the body
 */
public record UnreadChanges(int count, List<String> why) {

  /** How many are told of one by one. */
  static final int NAMED = 3;

  public static final UnreadChanges NONE = new UnreadChanges(0, List.of());

  public UnreadChanges {
    why = List.copyOf(why);
  }

  /** Empty where all were read. */
  public Optional<String> inWords() {
    if (count == 0) {
      return Optional.empty();
    }
    String more = count > why.size() ? "; and %d more".formatted(count - why.size()) : "";
    return Optional.of(
        "%d of its changes could not be read: %s%s".formatted(count, String.join("; ", why), more));
  }
}
