/** Build states from their topic to the forge, beside a bare client. */
@NullMarked
package sh.cinch.benchmark.statuses;

import org.jspecify.annotations.NullMarked;
