/** The reconciler, over a real broker, a real database and a simulated Bitbucket. */
@NullMarked
package sh.cinch.ingress.reconciler;

import org.jspecify.annotations.NullMarked;
