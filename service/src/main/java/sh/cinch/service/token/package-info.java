/** The token-service's HTTP, as the token-service and those who call it both write and read it. */
@NullMarked
package sh.cinch.service.token;

import org.jspecify.annotations.NullMarked;
