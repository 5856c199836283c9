/** The webhook path, over real HTTP. */
@NullMarked
package sh.cinch.ingress.webhooks;

import org.jspecify.annotations.NullMarked;
