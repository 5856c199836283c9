/** Bitbucket's OAuth token endpoint, for the one service that holds grants. */
@NullMarked
package sh.cinch.bitbucket.oauth;

import org.jspecify.annotations.NullMarked;
