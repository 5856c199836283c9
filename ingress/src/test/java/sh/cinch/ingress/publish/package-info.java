/** Publishing, over a real broker. */
@NullMarked
package sh.cinch.ingress.publish;

import org.jspecify.annotations.NullMarked;
