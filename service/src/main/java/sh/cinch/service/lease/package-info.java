/** Access tokens, lent by the token-service for a while. */
@NullMarked
package sh.cinch.service.lease;

import org.jspecify.annotations.NullMarked;
