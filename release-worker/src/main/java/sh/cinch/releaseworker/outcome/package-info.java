/** What became of each release and its files, for whoever asked for them. */
@NullMarked
package sh.cinch.releaseworker.outcome;

import org.jspecify.annotations.NullMarked;
