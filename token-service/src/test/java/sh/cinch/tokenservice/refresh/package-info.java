/** The parts of a refresh, each by itself. */
@NullMarked
package sh.cinch.tokenservice.refresh;

import org.jspecify.annotations.NullMarked;
