/** The token-service as the ingress sees it: credentials go in, never out. */
@NullMarked
package sh.cinch.ingress.connecting.credential;

import org.jspecify.annotations.NullMarked;
