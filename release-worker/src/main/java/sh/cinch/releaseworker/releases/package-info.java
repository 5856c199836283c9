/** Releases, their files, and the places in the downloads that these go to. */
@NullMarked
package sh.cinch.releaseworker.releases;

import org.jspecify.annotations.NullMarked;
