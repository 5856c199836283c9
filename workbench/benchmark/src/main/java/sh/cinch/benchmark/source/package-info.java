/** Where files come from: a server that makes them up, in a process of its own. */
@NullMarked
package sh.cinch.benchmark.source;

import org.jspecify.annotations.NullMarked;
