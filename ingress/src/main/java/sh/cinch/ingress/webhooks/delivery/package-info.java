/** The log of deliveries: for people to look at, and to know a retry from a new push. */
@NullMarked
package sh.cinch.ingress.webhooks.delivery;

import org.jspecify.annotations.NullMarked;
