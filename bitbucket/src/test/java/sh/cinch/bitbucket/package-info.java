/** Real HTTP servers, small enough to read, that answer what Bitbucket would. */
@NullMarked
package sh.cinch.bitbucket;

import org.jspecify.annotations.NullMarked;
