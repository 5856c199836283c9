package sh.cinch.ingress.artifacts;

import java.time.Instant;

/** How much of a content is here. */
public sealed interface Held {

  record Nothing() implements Held {}

  /**
   * @param stored bytes after which an upload can go on
   */
  record Part(long stored, Instant expiresAt) implements Held {}

  record Whole(Artifact artifact) implements Held {}
}
