/** Rules that need no row. */
@NullMarked
package sh.cinch.tokenservice.credential;

import org.jspecify.annotations.NullMarked;
