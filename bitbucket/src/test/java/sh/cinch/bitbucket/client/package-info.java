/** Holds the client to what Bitbucket answers, over real HTTP. */
@NullMarked
package sh.cinch.bitbucket.client;

import org.jspecify.annotations.NullMarked;
