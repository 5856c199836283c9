/**
 * Finds the pushes that no delivery brought: compares the heads of connected repositories, as the
 * forge lists them, with what was published.
 *
 * <p>Door: {@code Reconciler}.
 */
@NullMarked
package sh.cinch.ingress.reconciler;

import org.jspecify.annotations.NullMarked;
