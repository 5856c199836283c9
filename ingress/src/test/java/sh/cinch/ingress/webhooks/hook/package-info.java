/** Hooks, over a real database. */
@NullMarked
package sh.cinch.ingress.webhooks.hook;

import org.jspecify.annotations.NullMarked;
