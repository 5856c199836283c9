/**
 * A read-only git address of each connected repository, so that no build ever holds a credential of
 * the forge.
 */
@NullMarked
package sh.cinch.ingress.git;

import org.jspecify.annotations.NullMarked;
