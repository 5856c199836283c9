/**
 * Files for releases: brought by builds, kept for a while, fetched by the release-worker. Knows
 * connections, and the forge, for what must be so before a release is asked for.
 *
 * <p>Doors: {@code Artifacts} to start and mount it, and for uploads, whose results are sealed
 * types; {@code ReleasedFiles} for the read model, {@code ReleaseChecks} for the web.
 */
@NullMarked
package sh.cinch.ingress.artifacts;

import org.jspecify.annotations.NullMarked;
