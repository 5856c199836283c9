/** Replaces access tokens, one refresh at a time for each credential, and judges the answers. */
@NullMarked
package sh.cinch.tokenservice.refresh;

import org.jspecify.annotations.NullMarked;
