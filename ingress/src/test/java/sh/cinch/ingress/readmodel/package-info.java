/** Projections, over a real broker and database. */
@NullMarked
package sh.cinch.ingress.readmodel;

import org.jspecify.annotations.NullMarked;
