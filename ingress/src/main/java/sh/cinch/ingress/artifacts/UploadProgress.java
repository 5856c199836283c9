package sh.cinch.ingress.artifacts;

import java.time.Instant;

/** How much of a content is here, and can be gone on with. */
public sealed interface UploadProgress {

  record Nothing() implements UploadProgress {}

  /**
   * @param stored bytes after which an upload can go on
   */
  record Part(long stored, Instant expiresAt) implements UploadProgress {}

  record Whole(Artifact artifact) implements UploadProgress {}
}
