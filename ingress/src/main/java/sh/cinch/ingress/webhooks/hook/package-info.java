/** The hooks deliveries come in through: their rows, their secrets, and what is known at once. */
@NullMarked
package sh.cinch.ingress.webhooks.hook;

import org.jspecify.annotations.NullMarked;
