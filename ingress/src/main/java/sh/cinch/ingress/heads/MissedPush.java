package sh.cinch.ingress.heads;

import java.util.UUID;

/** A push that two looks have found. */
public record MissedPush(UUID repository, FoundPush found) {

  /** For the log. */
  @Override
  public String toString() {
    return "repository=%s event=%s".formatted(repository, found.eventId());
  }
}
