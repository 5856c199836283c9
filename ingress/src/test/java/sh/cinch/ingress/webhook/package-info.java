/** The webhook path, over real HTTP. */
@NullMarked
package sh.cinch.ingress.webhook;

import org.jspecify.annotations.NullMarked;
