package sh.cinch.ingress.artifacts;

import java.time.Instant;
import java.util.UUID;

/** A file that is here as a whole and had the right digest. */
public record Artifact(UUID id, UUID repository, String sha256, long size, Instant expiresAt) {}
