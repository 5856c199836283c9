/**
 * Pushes that are held: their body came before, and they do not continue their refs. A captured
 * body is as valid as it was.
 *
 * <p>Doors: {@code HeldPushes}, where deliveries are taken in, and {@code HeldEnd}, where it is
 * known what is to become of them.
 */
@NullMarked
package sh.cinch.ingress.webhooks.held;

import org.jspecify.annotations.NullMarked;
