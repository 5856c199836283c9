/** A typed client of Bitbucket Cloud's REST API, for virtual threads. */
@NullMarked
package sh.cinch.bitbucket.client;

import org.jspecify.annotations.NullMarked;
