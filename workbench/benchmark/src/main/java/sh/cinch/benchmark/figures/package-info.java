/** Durations and ratios, and how they are told. */
@NullMarked
package sh.cinch.benchmark.figures;

import org.jspecify.annotations.NullMarked;
