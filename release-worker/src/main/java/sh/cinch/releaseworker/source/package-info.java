/** Where a release's files come from: Cinch's own artifacts, and hosts that the operator allows. */
@NullMarked
package sh.cinch.releaseworker.source;

import org.jspecify.annotations.NullMarked;
