/** Release 0.1.0 and this one at work together. */
@NullMarked
package sh.cinch.acceptance.rolling;

import org.jspecify.annotations.NullMarked;
