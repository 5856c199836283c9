/** Connecting and disconnecting repositories, for pages and API alike. */
@NullMarked
package sh.cinch.ingress.connect;

import org.jspecify.annotations.NullMarked;
