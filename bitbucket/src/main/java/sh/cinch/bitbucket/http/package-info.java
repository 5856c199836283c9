/** One HTTP request to Bitbucket and what is known of it afterwards. */
@NullMarked
package sh.cinch.bitbucket.http;

import org.jspecify.annotations.NullMarked;
