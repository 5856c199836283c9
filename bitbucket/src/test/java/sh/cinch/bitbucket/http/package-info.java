/** Holds the transport to its word about what may have happened. */
@NullMarked
package sh.cinch.bitbucket.http;

import org.jspecify.annotations.NullMarked;
