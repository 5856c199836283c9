/** Lends access tokens and hears of those that the forge rejected. */
@NullMarked
package sh.cinch.tokenservice.lease;

import org.jspecify.annotations.NullMarked;
