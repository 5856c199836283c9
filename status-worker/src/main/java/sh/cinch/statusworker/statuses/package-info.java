/** The board: which report each status should show, whatever order the reports came in. */
@NullMarked
package sh.cinch.statusworker.statuses;

import org.jspecify.annotations.NullMarked;
