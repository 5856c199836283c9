/** Files on their way from their source to their place, and what came of it. */
@NullMarked
package sh.cinch.releaseworker.send;

import org.jspecify.annotations.NullMarked;
