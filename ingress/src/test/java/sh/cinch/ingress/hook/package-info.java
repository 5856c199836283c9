/** Hooks, over a real database. */
@NullMarked
package sh.cinch.ingress.hook;

import org.jspecify.annotations.NullMarked;
