/** Repositories that are disconnected while builds of theirs are under way. */
@NullMarked
package sh.cinch.statusworker.disconnections;

import org.jspecify.annotations.NullMarked;
