/** What became of each report, for whoever asked for it. */
@NullMarked
package sh.cinch.statusworker.outcome;

import org.jspecify.annotations.NullMarked;
