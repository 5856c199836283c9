/** Publishing, over a real broker. */
@NullMarked
package sh.cinch.ingress.webhooks.publish;

import org.jspecify.annotations.NullMarked;
