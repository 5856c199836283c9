/** The board: which report each status should show, whatever order the reports came in. */
@NullMarked
package sh.cinch.statusworker.board;

import org.jspecify.annotations.NullMarked;
