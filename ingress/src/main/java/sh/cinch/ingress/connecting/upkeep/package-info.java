/**
 * Looks after the webhooks on the forge: each is looked at now and then, and mended, and led to the
 * address that Cinch has now.
 */
@NullMarked
package sh.cinch.ingress.connecting.upkeep;

import org.jspecify.annotations.NullMarked;
