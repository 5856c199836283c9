/** The repositories Cinch serves: their rows, and the events that tell of them. */
@NullMarked
package sh.cinch.ingress.connecting.connection;

import org.jspecify.annotations.NullMarked;
