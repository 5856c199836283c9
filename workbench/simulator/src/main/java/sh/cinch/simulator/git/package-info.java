/** Repositories that are real, cloned and pushed to over smart HTTP. */
@NullMarked
package sh.cinch.simulator.git;

import org.jspecify.annotations.NullMarked;
