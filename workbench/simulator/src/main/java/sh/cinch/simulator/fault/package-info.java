/** Faults made on purpose: when they strike, and what they do to an answer. */
@NullMarked
package sh.cinch.simulator.fault;

import org.jspecify.annotations.NullMarked;
