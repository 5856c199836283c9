/** Owns every forge credential: stores it, keeps it fresh, lends its access token. */
@NullMarked
package sh.cinch.tokenservice;

import org.jspecify.annotations.NullMarked;
