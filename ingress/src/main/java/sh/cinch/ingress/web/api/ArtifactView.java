package sh.cinch.ingress.web.api;

import java.time.Instant;
import java.util.UUID;
import sh.cinch.ingress.artifacts.Artifact;

/** An artifact as the API shows it. */
record ArtifactView(UUID id, long size, String sha256, Instant expiresAt) {

  static ArtifactView of(Artifact artifact) {
    return new ArtifactView(
        artifact.id(), artifact.size(), artifact.sha256(), artifact.expiresAt());
  }
}
