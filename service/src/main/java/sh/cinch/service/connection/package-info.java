/** Which repositories Cinch serves, read from the compacted topic. */
@NullMarked
package sh.cinch.service.connection;

import org.jspecify.annotations.NullMarked;
