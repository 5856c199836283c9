package sh.cinch.ingress.webhooks.delivery;

import java.util.Optional;
import java.util.UUID;

/**
 * Where a line of the log comes from.
 *
 * @param test whether Cinch composed the push itself
 * @param replayOf the delivery that was replayed
 * @param askedBy who had Cinch do it: {@code operator} or {@code person}; empty where the forge
 *     delivered it
 */
public record Origin(boolean test, Optional<UUID> replayOf, Optional<String> askedBy) {

  public static final Origin FORGE = new Origin(false, Optional.empty(), Optional.empty());

  public static Origin simulatedFor(String whom) {
    return new Origin(true, Optional.empty(), Optional.of(whom));
  }

  public static Origin replayOf(UUID delivery, String askedBy) {
    return new Origin(false, Optional.of(delivery), Optional.of(askedBy));
  }
}
