/** Projections, over a real broker and database. */
@NullMarked
package sh.cinch.ingress.projection;

import org.jspecify.annotations.NullMarked;
