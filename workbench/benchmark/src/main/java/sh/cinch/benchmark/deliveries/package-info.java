/** Deliveries of webhooks, beside a bare handler that produces a record of the same size. */
@NullMarked
package sh.cinch.benchmark.deliveries;

import org.jspecify.annotations.NullMarked;
