/** Known heads, over a real database. */
@NullMarked
package sh.cinch.ingress.heads;

import org.jspecify.annotations.NullMarked;
