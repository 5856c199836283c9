/** Leases that need a refresh, beside the forge's own answer. */
@NullMarked
package sh.cinch.benchmark.refresh;

import org.jspecify.annotations.NullMarked;
