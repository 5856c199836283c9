/** Connecting and disconnecting repositories, for pages and API alike. */
@NullMarked
package sh.cinch.ingress.connecting;

import org.jspecify.annotations.NullMarked;
