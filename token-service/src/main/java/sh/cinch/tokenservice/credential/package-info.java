/** Credentials and their rows: what is known of each, encrypted, changed by compare-and-set. */
@NullMarked
package sh.cinch.tokenservice.credential;

import org.jspecify.annotations.NullMarked;
