/** An ingress among hostile connections, at whose side honest deliveries go on. */
@NullMarked
package sh.cinch.acceptance.soak;

import org.jspecify.annotations.NullMarked;
