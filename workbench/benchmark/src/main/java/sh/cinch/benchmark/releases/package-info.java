/** Files from their source to the forge, beside a bare pipe. */
@NullMarked
package sh.cinch.benchmark.releases;

import org.jspecify.annotations.NullMarked;
