/** The consent page and the token endpoint. */
@NullMarked
package sh.cinch.simulator.oauth;

import org.jspecify.annotations.NullMarked;
