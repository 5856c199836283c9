/** The calls under {@code /_simulator} by which a program plays the rest of the world. */
@NullMarked
package sh.cinch.simulator.control;

import org.jspecify.annotations.NullMarked;
