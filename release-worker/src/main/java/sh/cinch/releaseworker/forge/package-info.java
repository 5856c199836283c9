/** Bitbucket, for whoever holds a lease, and what its answers mean for a release. */
@NullMarked
package sh.cinch.releaseworker.forge;

import org.jspecify.annotations.NullMarked;
