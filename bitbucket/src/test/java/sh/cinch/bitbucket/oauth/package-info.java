/** Holds the token endpoint's answers to both of their dialects, over real HTTP. */
@NullMarked
package sh.cinch.bitbucket.oauth;

import org.jspecify.annotations.NullMarked;
