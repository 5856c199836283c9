/** The release-worker: release requests become files in a repository's downloads. */
@NullMarked
package sh.cinch.releaseworker;

import org.jspecify.annotations.NullMarked;
