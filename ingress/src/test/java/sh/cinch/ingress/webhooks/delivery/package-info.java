/** The delivery log, over a real database. */
@NullMarked
package sh.cinch.ingress.webhooks.delivery;

import org.jspecify.annotations.NullMarked;
