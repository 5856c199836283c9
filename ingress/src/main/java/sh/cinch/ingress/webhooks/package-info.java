/** Deliveries of webhooks: read, verified, published, answered. */
@NullMarked
package sh.cinch.ingress.webhooks;

import org.jspecify.annotations.NullMarked;
