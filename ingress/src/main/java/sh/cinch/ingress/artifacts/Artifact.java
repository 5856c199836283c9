package sh.cinch.ingress.artifacts;

import java.time.Instant;
import java.util.UUID;

/** A file that is here as a whole and had the right digest, as the API shows it too. */
public record Artifact(UUID id, String sha256, long size, Instant expiresAt) {}
