/** Leases that come from memory, beside a bare handler. */
@NullMarked
package sh.cinch.benchmark.leases;

import org.jspecify.annotations.NullMarked;
