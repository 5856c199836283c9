/** What becomes of credentials, against a token-service that is not always there. */
@NullMarked
package sh.cinch.ingress.connecting;

import org.jspecify.annotations.NullMarked;
