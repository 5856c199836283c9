/** Performance figures, each beside its limit in the same run, behind {@code ./cinch benchmark}. */
@NullMarked
package sh.cinch.benchmark;

import org.jspecify.annotations.NullMarked;
