/** One chain for every call: leased, counted, its result read. */
@NullMarked
package sh.cinch.forge.call;

import org.jspecify.annotations.NullMarked;
