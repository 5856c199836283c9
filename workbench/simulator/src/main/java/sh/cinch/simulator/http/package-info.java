/** Requests read to their end, answers written whole, and the place where faults come between. */
@NullMarked
package sh.cinch.simulator.http;

import org.jspecify.annotations.NullMarked;
