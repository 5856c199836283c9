/** Deliveries of webhooks: read, verified, published, answered. */
@NullMarked
package sh.cinch.ingress.webhook;

import org.jspecify.annotations.NullMarked;
