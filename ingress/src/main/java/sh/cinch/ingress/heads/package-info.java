/**
 * What was published last of each ref, and the pushes that no delivery brought: found by looks at
 * the forge, and taken by deliveries that come after all.
 */
@NullMarked
package sh.cinch.ingress.heads;

import org.jspecify.annotations.NullMarked;
