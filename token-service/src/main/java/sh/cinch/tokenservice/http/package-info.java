/** The internal API, for Cinch's own services only. */
@NullMarked
package sh.cinch.tokenservice.http;

import org.jspecify.annotations.NullMarked;
