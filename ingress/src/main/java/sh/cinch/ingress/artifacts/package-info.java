/** Files for releases: brought by builds, kept for a while, fetched by the release-worker. */
@NullMarked
package sh.cinch.ingress.artifacts;

import org.jspecify.annotations.NullMarked;
