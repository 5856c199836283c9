@NullMarked
package sh.cinch.ingress.reconciler;

import org.jspecify.annotations.NullMarked;
