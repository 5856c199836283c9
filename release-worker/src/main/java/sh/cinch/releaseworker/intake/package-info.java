/** Requests on their way to the releases, or to the dead letters. */
@NullMarked
package sh.cinch.releaseworker.intake;

import org.jspecify.annotations.NullMarked;
