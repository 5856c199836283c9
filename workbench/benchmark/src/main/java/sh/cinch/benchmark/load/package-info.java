/** Requests as fast as they are answered, from a process of its own. */
@NullMarked
package sh.cinch.benchmark.load;

import org.jspecify.annotations.NullMarked;
