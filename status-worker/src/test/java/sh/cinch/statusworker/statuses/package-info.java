/** Tests of this package. */
@NullMarked
package sh.cinch.statusworker.statuses;

import org.jspecify.annotations.NullMarked;
