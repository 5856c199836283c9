/** How the groups of the ingress are started and stopped. */
@NullMarked
package sh.cinch.ingress.lifecycle;

import org.jspecify.annotations.NullMarked;
